with

lines as (

    select * from {{ ref('int_diagnosis_lines') }}

),

snapshots as (

    select
        snapshot_on,
        window_end_month,
        cast(window_end_month - interval 23 months as date) as start_24m
    from {{ ref('int_snapshots') }}

),

-- Whom a focus family may concern, from the day on which that was known.
candidates as (

    select
        npi,
        min(greatest(candidate_from, known_on)) as candidate_from
    from {{ ref('int_provider_family_candidates') }}
    group by npi

),

counted as (

    select
        lines.npi,
        snapshots.snapshot_on,
        lines.diagnosis_family,
        sum(lines.lines) as lines_24m
    from lines
    inner join candidates
        on lines.npi = candidates.npi
    inner join snapshots
        on
            candidates.candidate_from <= snapshots.snapshot_on
            and lines.known_on <= snapshots.snapshot_on
            and lines.superseded_on > snapshots.snapshot_on
            and lines.service_month >= snapshots.start_24m
            and lines.service_month <= snapshots.window_end_month
    group by lines.npi, snapshots.snapshot_on, lines.diagnosis_family

),

-- The families that anybody shows on the day.
families as (

    select distinct
        snapshot_on,
        diagnosis_family
    from counted
    where diagnosis_family is not null

),

-- Whoever has lines has a row of each family: without such a diagnosis it is a zero, without lines nothing is known.
final as (

    select
        totals.npi,
        totals.snapshot_on,
        families.diagnosis_family,
        cast(coalesce(counted.lines_24m, 0) as double) as lines_24m,
        cast(totals.lines_24m as double) as lines_of_any_24m
    from counted as totals
    inner join families
        on totals.snapshot_on = families.snapshot_on
    left join counted
        on
            totals.npi = counted.npi
            and totals.snapshot_on = counted.snapshot_on
            and families.diagnosis_family = counted.diagnosis_family
    where totals.diagnosis_family is null

)

select * from final
order by snapshot_on, npi, diagnosis_family

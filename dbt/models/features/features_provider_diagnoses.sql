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

states as (

    select distinct
        service_month,
        known_on,
        superseded_on
    from lines

),

-- A line counts from one snapshot to another, and on all between: both ends of the window move with the day.
spans as (

    select
        states.service_month,
        states.known_on,
        states.superseded_on,
        min(snapshots.snapshot_on) as first_on,
        max(snapshots.snapshot_on) as last_on
    from states
    inner join snapshots
        on
            states.known_on <= snapshots.snapshot_on
            and states.superseded_on > snapshots.snapshot_on
            and states.service_month >= snapshots.start_24m
            and states.service_month <= snapshots.window_end_month
    group by states.service_month, states.known_on, states.superseded_on

),

-- Lines that count on the same snapshots are summed before they are told of each.
told as (

    select
        lines.npi,
        lines.diagnosis_family,
        spans.first_on,
        spans.last_on,
        sum(lines.lines) as lines
    from lines
    inner join spans
        on
            lines.service_month = spans.service_month
            and lines.known_on = spans.known_on
            and lines.superseded_on = spans.superseded_on
    group by lines.npi, lines.diagnosis_family, spans.first_on, spans.last_on

),

summed as (

    select
        told.npi,
        snapshots.snapshot_on,
        told.diagnosis_family,
        sum(told.lines) as lines_24m
    from told
    inner join snapshots
        on told.first_on <= snapshots.snapshot_on and told.last_on >= snapshots.snapshot_on
    group by told.npi, snapshots.snapshot_on, told.diagnosis_family

),

counted as (

    select summed.*
    from summed
    inner join candidates
        on summed.npi = candidates.npi and summed.snapshot_on >= candidates.candidate_from

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

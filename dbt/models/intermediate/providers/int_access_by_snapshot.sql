with

-- Of those alone whom a model may be asked about.
candidates as (

    select * from {{ ref('int_candidate_npis') }}

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

restrictions as (

    select
        npi,
        facility_id,
        coalesce(effective_from, {{ since_ever() }}) as holds_from,
        coalesce(effective_to, {{ for_ever() }}) as holds_to
    from {{ ref('stg_company__restrictions') }}
    where restriction_list in ('NO_SEE', 'SYSTEM_CLOSED')

),

affiliations as (

    select
        npi,
        facility_id,
        coalesce(valid_from, {{ since_ever() }}) as valid_from,
        coalesce(valid_to, {{ for_ever() }}) as valid_to
    from {{ ref('int_provider_affiliations_dated') }}

),

closed as (

    select
        npi,
        holds_from,
        holds_to
    from restrictions
    where npi is not null

    union all

    -- A facility's door is closed for as long as the provider works behind it.
    select
        affiliations.npi,
        greatest(affiliations.valid_from, restrictions.holds_from) as holds_from,
        least(affiliations.valid_to, restrictions.holds_to) as holds_to
    from restrictions
    inner join affiliations
        on restrictions.facility_id = affiliations.facility_id
    where restrictions.npi is null

),

missed as (

    select
        npi,
        called_on,
        greatest(called_on, known_on) as seen_on
    from {{ ref('int_calls') }}
    where not is_kept and npi is not null

),

seen as (

    select
        closed.npi,
        snapshots.snapshot_on,
        1 as is_closed,
        0 as missed_calls
    from closed
    inner join snapshots
        on snapshots.snapshot_on between closed.holds_from and closed.holds_to

    union all

    select
        missed.npi,
        snapshots.snapshot_on,
        0 as is_closed,
        1 as missed_calls
    from missed
    inner join snapshots
        on
            missed.seen_on <= snapshots.snapshot_on
            and missed.called_on > snapshots.snapshot_on - interval 12 months

),

final as (

    select
        seen.npi,
        seen.snapshot_on,
        max(seen.is_closed) = 1 as is_access_closed,
        cast(sum(seen.missed_calls) as bigint) as missed_calls_12m
    from seen
    semi join candidates
        on seen.npi = candidates.npi
    group by seen.npi, seen.snapshot_on

)

select * from final

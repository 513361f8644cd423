with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

months_back as (

    select {{ one_row_each(numbers_from_to(0, 48)) }} as months_back

),

month_ends as (

    select {{ month_end(months_after(as_of(), '-months_back')) }} as month_end
    from months_back

),

days as (

    select month_end as snapshot_on
    from month_ends
    where month_end <= {{ as_of() }}

    union

    select {{ as_of() }} as snapshot_on

),

affiliations as (

    select min(snapshot_on) as first_copy_on
    from {{ ref('int_affiliation_snapshots') }}

),

peers as (

    select min(known_on) as first_known_on
    from {{ ref('int_peer_copies') }}

),

claim_months as (

    select distinct
        service_month,
        known_on,
        superseded_on
    from {{ ref('int_claim_services') }}

),

-- What the calendar of publication told on each of these days.
published as (

    select
        days.snapshot_on,
        days.snapshot_on = {{ as_of() }} as is_current,
        {{ last_complete_month('days.snapshot_on - cast(max(settings.lag_days_claim_lines) as integer)') }}
            as window_end_month,
        coalesce(days.snapshot_on >= max(affiliations.first_copy_on), false) as is_affiliation_known,
        coalesce(days.snapshot_on >= max(peers.first_known_on), false) as is_sharing_known
    from days
    cross join settings
    cross join affiliations
    cross join peers
    group by days.snapshot_on

),

-- Old lines that came in late reach back from the day on which they came.
reach as (

    select
        published.snapshot_on,
        min(claim_months.service_month) as first_claim_month
    from published
    inner join claim_months
        on
            published.snapshot_on >= claim_months.known_on
            and published.snapshot_on < claim_months.superseded_on
    group by published.snapshot_on

),

-- A window of claim lines counts when they reach back over the whole of it: half a year of claims is no year.
final as (

    select
        published.snapshot_on,
        published.is_current,
        published.window_end_month,
        published.is_affiliation_known,
        published.is_sharing_known,
        coalesce(reach.first_claim_month <= published.window_end_month - interval 11 months, false) as has_claims_12m,
        coalesce(reach.first_claim_month <= published.window_end_month - interval 14 months, false) as has_claims_year_ago,
        coalesce(reach.first_claim_month <= published.window_end_month - interval 23 months, false) as has_claims_24m
    from published
    left join reach
        on published.snapshot_on = reach.snapshot_on

)

select * from final
order by snapshot_on

with

services as (

    select * from {{ ref('int_claim_services') }}

),

public_services as (

    select * from {{ ref('int_public_services') }}

),

-- Millions of months are summed below: by a number they are told apart at a third of the cost of two texts, and need not be looked up.
starts as (

    select
        npi,
        procedure_family,
        claims_complete_from,
        {{ hash_of('npi', 'procedure_family') }} as pair_id
    from {{ ref('int_family_starts') }}

),

snapshots as (

    select
        *,
        cast(window_end_month - interval 11 months as date) as start_12m,
        cast(window_end_month - interval 2 months as date) as start_3m,
        cast(window_end_month - interval 14 months as date) as start_3m_year_ago,
        cast(window_end_month - interval 12 months as date) as end_year_ago,
        cast(window_end_month - interval 23 months as date) as start_prior
    from {{ ref('int_snapshots') }}

),

published as (

    select * from {{ ref('int_family_years_published') }}

),

months as (

    select
        {{ hash_of('npi', 'procedure_family') }} as pair_id,
        service_month,
        known_on,
        superseded_on,
        services
    from services

),

-- Few months and days make few stretches: on which of the days, and in which of their windows, each of them counts.
stretches as (

    select distinct
        service_month,
        known_on,
        superseded_on
    from services

),

seen as (

    select
        stretches.service_month,
        stretches.known_on,
        stretches.superseded_on,
        snapshots.snapshot_on,
        stretches.service_month >= snapshots.start_12m as is_12m,
        stretches.service_month >= snapshots.start_3m as is_3m,
        stretches.service_month between snapshots.start_3m_year_ago and snapshots.end_year_ago as is_3m_year_ago,
        case
            when stretches.service_month >= snapshots.start_12m
                then cast(pow(2, {{ months_between('snapshots.start_12m', 'stretches.service_month') }}) as integer)
        end as month_bit
    from stretches
    inner join snapshots
        on
            stretches.known_on <= snapshots.snapshot_on
            and stretches.superseded_on > snapshots.snapshot_on
            and stretches.service_month >= snapshots.start_prior
            and stretches.service_month <= snapshots.window_end_month

),

-- A month may be told by several rows, as lines of it were restated, and is one: a bit of the number that bears them all.
summed as (

    select
        months.pair_id,
        seen.snapshot_on,
        coalesce(sum(months.services) filter (where seen.is_12m), 0) as volume_12m,
        coalesce(sum(months.services) filter (where not seen.is_12m), 0) as prior_volume_12m,
        coalesce(sum(months.services) filter (where seen.is_3m), 0) as volume_3m,
        coalesce(sum(months.services) filter (where seen.is_3m_year_ago), 0) as volume_3m_year_ago,
        cast(coalesce(bit_count(bit_or(seen.month_bit)), 0) as bigint) as active_months_12m
    from months
    inner join seen
        on
            months.service_month = seen.service_month
            and months.known_on = seen.known_on
            and months.superseded_on = seen.superseded_on
    group by months.pair_id, seen.snapshot_on

),

-- Where claim lines reach back over the window, no line is no service; elsewhere the last published year speaks.
from_claim_lines as (

    select
        starts.npi,
        starts.procedure_family,
        snapshots.snapshot_on,
        cast(coalesce(summed.volume_12m, 0) as decimal(18, 3)) as volume_12m,
        cast(case when snapshots.has_claims_24m then coalesce(summed.prior_volume_12m, 0) end as decimal(18, 3)) as prior_volume_12m,
        cast(coalesce(summed.volume_3m, 0) as decimal(18, 3)) as volume_3m,
        cast(case when snapshots.has_claims_year_ago then coalesce(summed.volume_3m_year_ago, 0) end as decimal(18, 3))
            as volume_3m_year_ago,
        coalesce(summed.active_months_12m, 0) as active_months_12m
    from starts
    inner join snapshots
        on starts.claims_complete_from <= snapshots.snapshot_on and snapshots.has_claims_12m
    left join summed
        on
            starts.pair_id = summed.pair_id
            and snapshots.snapshot_on = summed.snapshot_on

),

from_public_files as (

    select
        public_services.npi,
        public_services.procedure_family,
        snapshots.snapshot_on,
        cast(
            sum(public_services.services) filter (where public_services.data_year = published.published_year) as decimal(18, 3)
        ) as volume_12m,
        cast(
            sum(public_services.services) filter (where public_services.data_year = published.published_year - 1)
            as decimal(18, 3)
        ) as prior_volume_12m,
        cast(null as decimal(18, 3)) as volume_3m,
        cast(null as decimal(18, 3)) as volume_3m_year_ago,
        cast(null as bigint) as active_months_12m
    from public_services
    inner join snapshots
        on
            public_services.known_on <= snapshots.snapshot_on
            and public_services.superseded_on > snapshots.snapshot_on
    inner join published
        on
            public_services.procedure_family = published.procedure_family
            and snapshots.snapshot_on = published.snapshot_on
            and public_services.data_year in (published.published_year, published.published_year - 1)
    inner join starts
        on
            public_services.npi = starts.npi
            and public_services.procedure_family = starts.procedure_family
            and (not snapshots.has_claims_12m or coalesce(snapshots.snapshot_on < starts.claims_complete_from, true))
    group by public_services.npi, public_services.procedure_family, snapshots.snapshot_on

),

final as (

    select * from from_claim_lines
    union all
    select * from from_public_files

)

select * from final

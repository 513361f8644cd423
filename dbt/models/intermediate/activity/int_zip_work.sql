with

alignment as (

    select * from {{ ref('int_zip_primary_territories') }}

),

calls as (

    select *
    from {{ ref('int_call_hours') }}
    where territory_id is not null

),

providers as (

    select * from {{ ref('int_providers_registered') }}

),

opportunity as (

    select
        npi,
        sum(annual_volume) as annual_volume,
        sum(open_revenue_usd) as open_revenue_usd
    from {{ ref('int_provider_family_opportunity') }}
    group by npi

),

held as (

    select * from {{ ref('int_zip_relationships') }}

),

-- What a territory's reps do outside its own ZIPs, or nobody knows where, is in the row without a ZIP.
worked as (

    select
        calls.territory_id,
        alignment.zip5,
        count(*) as calls,
        cast(sum(calls.minutes) as decimal(18, 6)) as minutes
    from calls
    left join alignment
        on calls.zip5 = alignment.zip5 and calls.territory_id = alignment.territory_id
    group by calls.territory_id, alignment.zip5

),

market as (

    select
        providers.zip5,
        count(*) as providers,
        sum(opportunity.annual_volume) as annual_volume,
        sum(opportunity.open_revenue_usd) as opportunity_usd
    from providers
    left join opportunity
        on providers.npi = opportunity.npi
    where providers.is_active
    group by providers.zip5

),

places as (

    select
        territory_id,
        zip5
    from alignment

    union all

    select
        territory_id,
        zip5
    from worked
    where zip5 is null

),

final as (

    select
        places.territory_id,
        places.zip5,
        coalesce(market.providers, 0) as providers,
        coalesce(market.annual_volume, 0) as annual_volume,
        coalesce(market.opportunity_usd, 0) as opportunity_usd,
        coalesce(worked.calls, 0) as calls,
        case when worked.calls > 0 then worked.minutes else 0 end as minutes,
        coalesce(held.relationships, 0) as relationships,
        coalesce(held.open_deals, 0) as open_deals,
        coalesce(held.customers, 0) as customers
    from places
    left join market
        on places.zip5 = market.zip5
    left join worked
        on places.territory_id = worked.territory_id and coalesce(places.zip5, '') = coalesce(worked.zip5, '')
    left join held
        on places.zip5 = held.zip5

)

select * from final
order by territory_id asc, zip5 asc nulls last

-- Who opted out is in no sum: what the others leave of it would be theirs.
with

providers as (

    select
        registered.npi,
        registered.zip5
    from {{ ref('int_providers_registered') }} as registered
    anti join {{ ref('int_providers_opted_out') }} as opted_out
        on registered.npi = opted_out.npi

),

counted as (

    select
        providers.zip5,
        claim_months.procedure_family,
        claim_months.service_month as month,
        sum(claim_months.services) as services
    from {{ ref('int_provider_claim_months') }} as claim_months
    inner join providers
        on claim_months.npi = providers.npi
    group by providers.zip5, claim_months.procedure_family, claim_months.service_month

),

-- All that a ZIP's providers did in a published year is spread at once, of those alike whose claim lines begin in the same month of it.
years as (

    select
        providers.zip5,
        years.procedure_family,
        years.data_year,
        years.first_claim_month,
        sum(years.services) as services
    from {{ ref('int_provider_family_years') }} as years
    inner join providers
        on years.npi = providers.npi
    group by providers.zip5, years.procedure_family, years.data_year, years.first_claim_month

),

spread as (

    {{ months_by_season('years', ['zip5']) }}

),

either as (

    select * from counted
    union all
    select
        zip5,
        procedure_family,
        month,
        services
    from spread

),

volume as (

    select
        zip5,
        procedure_family,
        month,
        sum(services) as market_volume
    from either
    group by zip5, procedure_family, month

),

zip_months as (

    select distinct
        zip5,
        month
    from volume

),

-- A ZIP lies where it lay when the month began.
placed as (

    {{ zips_placed('zip_months', 'month') }}

),

final as (

    select
        placed.territory_id,
        volume.procedure_family,
        volume.month,
        cast(sum(volume.market_volume) as decimal(18, 6)) as market_volume
    from volume
    inner join placed
        on
            volume.zip5 = placed.zip5
            and volume.month = placed.month
            and placed.preference = 1
    where placed.territory_id is not null
    group by placed.territory_id, volume.procedure_family, volume.month

)

select * from final
order by territory_id, procedure_family, month

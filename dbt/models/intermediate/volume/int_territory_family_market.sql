-- Who opted out is in no sum: what the others leave of it would be theirs.
with

services as (

    select months.*
    from {{ ref('int_provider_family_months') }} as months
    anti join {{ ref('int_providers_opted_out') }} as opted_out
        on months.npi = opted_out.npi

),

providers as (

    select * from {{ ref('int_providers_registered') }}

),

volume as (

    select
        providers.zip5,
        services.procedure_family,
        services.month,
        sum(services.services) as market_volume
    from services
    inner join providers
        on services.npi = providers.npi
    group by providers.zip5, services.procedure_family, services.month

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
        sum(volume.market_volume) as market_volume
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

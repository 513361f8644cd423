with

services as (

    select * from {{ ref('int_provider_family_months') }}

),

families as (

    select * from {{ ref('int_families_listed') }}

),

providers as (

    select * from {{ ref('int_providers_registered') }}

),

today as (

    select * from {{ ref('int_zip_primary_territories') }}

),

alignment as (

    select * from {{ ref('int_zip_territories') }}
    where kind = 'primary'

),

volume as (

    select
        providers.zip5,
        services.month,
        sum(services.services) as market_volume
    from services
    inner join providers
        on services.npi = providers.npi
    inner join families
        on services.procedure_family = families.procedure_family
    where families.is_focus
    group by providers.zip5, services.month

),

-- A ZIP lies where it lay when the month began; a month before its alignment was kept counts for today's territory.
placed as (

    select
        volume.*,
        coalesce(alignment.territory_id, today.territory_id) as territory_id
    from volume
    left join alignment
        on
            volume.zip5 = alignment.zip5
            and (alignment.valid_from is null or volume.month >= alignment.valid_from)
            and (alignment.valid_to is null or volume.month <= alignment.valid_to)
    left join today
        on volume.zip5 = today.zip5
    qualify
        row_number() over (
            partition by volume.zip5, volume.month
            order by alignment.valid_from desc nulls last, alignment.territory_id asc
        ) = 1

),

final as (

    select
        territory_id,
        month,
        sum(market_volume) as market_volume
    from placed
    where territory_id is not null
    group by territory_id, month

)

select * from final
order by territory_id, month

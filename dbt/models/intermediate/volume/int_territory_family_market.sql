with

services as (

    select * from {{ ref('int_provider_family_months') }}

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

-- A ZIP lies where it lay when the month began; a month before its alignment was kept counts for today's territory.
candidates as (

    select
        zip_months.zip5,
        zip_months.month,
        coalesce(alignment.territory_id, today.territory_id) as territory_id,
        row_number() over (
            partition by zip_months.zip5, zip_months.month
            order by alignment.valid_from desc nulls last, alignment.territory_id asc nulls last
        ) as place
    from zip_months
    left join alignment
        on
            zip_months.zip5 = alignment.zip5
            and zip_months.month >= coalesce(alignment.valid_from, {{ since_ever() }})
            and zip_months.month <= coalesce(alignment.valid_to, {{ for_ever() }})
    left join today
        on zip_months.zip5 = today.zip5

),

final as (

    select
        candidates.territory_id,
        volume.procedure_family,
        volume.month,
        sum(volume.market_volume) as market_volume
    from volume
    inner join candidates
        on
            volume.zip5 = candidates.zip5
            and volume.month = candidates.month
            and candidates.place = 1
    where candidates.territory_id is not null
    group by candidates.territory_id, volume.procedure_family, volume.month

)

select * from final
order by territory_id, procedure_family, month

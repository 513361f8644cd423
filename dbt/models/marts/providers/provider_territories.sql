with

providers as (

    select
        npi,
        zip5
    from {{ ref('int_providers_registered') }}

),

alignment as (

    select * from {{ ref('int_zip_territories') }}
    where valid_from is null or valid_from <= {{ as_of() }}

),

primaries as (

    select * from {{ ref('int_zip_primary_territories') }}

),

-- Of two primary territories on one day, the one that the provider's other marts keep holds.
final as (

    select
        providers.npi,
        alignment.territory_id,
        alignment.kind,
        alignment.valid_from,
        alignment.valid_to,
        (alignment.valid_to is null or alignment.valid_to >= {{ as_of() }})
        and (alignment.kind = 'overlay' or coalesce(alignment.territory_id = primaries.territory_id, false)) as is_current
    from providers
    inner join alignment
        on providers.zip5 = alignment.zip5
    left join primaries
        on providers.zip5 = primaries.zip5

)

select * from final
order by npi, kind, valid_from, territory_id

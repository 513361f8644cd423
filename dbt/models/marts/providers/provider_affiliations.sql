with

affiliations as (

    select * from {{ ref('int_provider_affiliations_ranked') }}

),

final as (

    select
        npi,
        facility_id,
        valid_from,
        valid_to,
        is_primary
    from affiliations

)

select * from final
order by npi, facility_id, valid_from

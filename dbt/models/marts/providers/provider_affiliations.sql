with

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

affiliations as (

    select * from {{ ref('int_provider_affiliations_dated') }}

),

final as (

    select
        affiliations.npi,
        affiliations.facility_id,
        affiliations.valid_from,
        affiliations.valid_to,
        case when opted_out.npi is null then affiliations.is_primary else affiliations.is_longest end as is_primary
    from affiliations
    left join opted_out
        on affiliations.npi = opted_out.npi

)

select * from final
order by npi, facility_id, valid_from

with

registered as (

    select * from {{ ref('int_providers_in_registers') }}

),

-- Whom claim lines alone know is whoever the CRM says.
stated as (

    select * from {{ ref('int_providers_stated') }}

),

final as (

    select
        registered.npi,
        coalesce(registered.first_name, stated.first_name) as first_name,
        coalesce(registered.last_name, stated.last_name) as last_name,
        registered.other_last_name,
        registered.credential,
        coalesce(registered.specialty, {{ title_case('stated.specialty') }}) as specialty,
        registered.taxonomy_code,
        coalesce(registered.city, stated.city) as city,
        coalesce(registered.state, stated.state) as state,
        coalesce(registered.zip5, stated.zip5) as zip5,
        registered.enumerated_on,
        registered.inactive_since_on,
        registered.is_active,
        registered.is_individual
    from registered
    left join stated
        on registered.npi = stated.npi

)

select * from final
order by npi

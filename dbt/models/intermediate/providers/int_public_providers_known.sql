with

published as (

    select * from {{ ref('stg_claims__provider_service') }}

),

releases as (

    select * from {{ ref('int_public_releases') }}

),

ranked as (

    select
        published.npi,
        published.last_name,
        published.first_name,
        published.credential,
        published.entity_code,
        published.specialty,
        published.city,
        published.state,
        published.zip5,
        (published.data_year, coalesce(published.release_code, ''), published.hcpcs_code, published.place_of_service_code)
            as newness
    from published
    inner join releases
        on
            published.data_year = releases.data_year
            and published.release_code is not distinct from releases.release_code

),

-- Who the newest public file says that each provider is.
final as (

    select
        npi,
        arg_max(last_name, newness) as last_name,
        arg_max(first_name, newness) as first_name,
        arg_max(credential, newness) as credential,
        arg_max(entity_code, newness) as entity_code,
        arg_max(specialty, newness) as specialty,
        arg_max(city, newness) as city,
        arg_max(state, newness) as state,
        arg_max(zip5, newness) as zip5
    from ranked
    group by npi

)

select * from final

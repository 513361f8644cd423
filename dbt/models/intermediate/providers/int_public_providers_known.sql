with

published as (

    select
        'provider_service' as published_in,
        npi,
        last_name,
        first_name,
        credential,
        entity_code,
        specialty,
        city,
        state,
        zip5,
        data_year,
        release_code,
        hcpcs_code || ' ' || place_of_service_code as published_as
    from {{ ref('stg_claims__provider_service') }}

    union all

    select
        'part_d' as published_in,
        npi,
        last_name,
        first_name,
        cast(null as varchar) as credential,
        cast(null as varchar) as entity_code,
        specialty,
        city,
        state,
        cast(null as varchar) as zip5,
        data_year,
        release_code,
        concat_ws(' ', brand_key, generic_key) as published_as
    from {{ ref('stg_claims__part_d') }}

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
        -- The file of procedures knows more of a provider than that of drugs, whichever is newer.
        (published.published_in, published.data_year, coalesce(published.release_code, ''), published.published_as)
            as newness
    from published
    inner join releases
        on
            published.published_in = releases.published_in
            and published.data_year = releases.data_year
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

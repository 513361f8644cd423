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
        cast(null as string) as credential,
        cast(null as string) as entity_code,
        specialty,
        city,
        state,
        cast(null as string) as zip5,
        data_year,
        release_code,
        concat_ws(' ', brand_key, generic_key) as published_as
    from {{ ref('stg_claims__part_d') }}

),

releases as (

    select * from {{ ref('int_public_releases') }}

),

-- A release says the same of a provider in each of its rows: once is enough to rank it.
said as (

    select
        npi,
        last_name,
        first_name,
        credential,
        entity_code,
        specialty,
        city,
        state,
        zip5,
        published_in,
        data_year,
        release_code,
        max(published_as) as published_as
    from published
    group by
        npi, last_name, first_name, credential, entity_code, specialty, city, state, zip5,
        published_in, data_year, release_code

),

ranked as (

    select
        said.npi,
        said.last_name,
        said.first_name,
        said.credential,
        said.entity_code,
        said.specialty,
        said.city,
        said.state,
        said.zip5,
        -- The file of procedures knows more of a provider than that of drugs, whichever is newer.
        (said.published_in, said.data_year, coalesce(said.release_code, ''), said.published_as)
            as newness
    from said
    inner join releases
        on
            said.published_in = releases.published_in
            and said.data_year = releases.data_year
            and said.release_code is not distinct from releases.release_code

),

-- Who the newest public file says that each provider is.
final as (

    select
        npi,
        {{ value_at_largest('last_name', 'newness') }} as last_name,
        {{ value_at_largest('first_name', 'newness') }} as first_name,
        {{ value_at_largest('credential', 'newness') }} as credential,
        {{ value_at_largest('entity_code', 'newness') }} as entity_code,
        {{ value_at_largest('specialty', 'newness') }} as specialty,
        {{ value_at_largest('city', 'newness') }} as city,
        {{ value_at_largest('state', 'newness') }} as state,
        {{ value_at_largest('zip5', 'newness') }} as zip5
    from ranked
    group by npi

)

select * from final

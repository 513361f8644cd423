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

with

registry as (

    select
        npi,
        city,
        state,
        zip5
    from {{ ref('stg_registry__nppes') }}
    where entity_type_code = '1' and (released_on is null or released_on <= {{ as_of() }})

),

practices as (

    select
        npi,
        city,
        state,
        zip5
    from {{ ref('stg_registry__doctors_clinicians') }}
    where released_on is null or released_on <= {{ as_of() }}

),

providers as (

    select
        npi,
        city,
        state,
        zip5
    from {{ ref('int_providers_registered') }}
    where is_individual

),

claims as (

    select
        npi,
        city,
        state,
        zip5
    from {{ ref('int_public_providers_known') }}

),

payments as (

    select
        npi,
        city,
        state,
        zip5
    from {{ ref('int_paid_providers_known') }}

),

everywhere as (

    select * from registry
    union
    select * from practices
    union
    select * from providers
    union
    select * from claims
    union
    select * from payments

),

-- A practice that moved stands at its earlier places too: a CRM is slow to follow.
final as (

    select distinct
        npi,
        {{ normal_name('city') }} as city_key,
        upper(state) as state,
        zip5
    from everywhere
    where zip5 is not null or state is not null

)

select * from final
order by npi, state, zip5, city_key

with

registry as (

    select
        npi,
        city,
        state,
        zip5
    from {{ ref('int_nppes_intervals') }}
    where entity_type_code = '1'

),

-- All addresses of a clinician: who they are is told by one of them alone.
copies as (

    {{ copies_known(ref('stg_registry__doctors_clinicians')) }}

),

practices as (

    select
        npi,
        city,
        state,
        zip5
    from copies

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

told as (

    select * from registry
    union all
    select * from practices
    union all
    select * from providers
    union all
    select * from claims
    union all
    select * from payments

),

-- Most sources tell the same place, some in capitals.
everywhere as (

    select distinct
        npi,
        lower(city) as city,
        upper(state) as state,
        zip5
    from told
    where zip5 is not null or state is not null

),

cities as (

    select
        city,
        {{ normal_name('city') }} as city_key
    from (select distinct city from everywhere) as different_cities

),

-- A practice that moved stands at its earlier places too: a CRM is slow to follow.
final as (

    select distinct
        everywhere.npi,
        cities.city_key,
        everywhere.state,
        everywhere.zip5
    from everywhere
    left join cities
        on everywhere.city = cities.city

)

select * from final

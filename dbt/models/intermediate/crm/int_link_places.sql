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

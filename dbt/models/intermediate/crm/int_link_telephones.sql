with

contacts as (

    select phone from {{ ref('int_crm_contacts_cleaned') }}
    where {{ has_area_code('phone') }}

),

registry as (

    {{ copies_known(ref('stg_registry__nppes')) }}

),

practices as (

    {{ copies_known(ref('stg_registry__doctors_clinicians')) }}

),

everywhere as (

    select
        npi,
        telephone
    from registry
    where entity_type_code = '1'

    union all

    select
        npi,
        telephone
    from practices

),

-- Registers write nearly all numbers as ten digits, which are no work.
told as (

    select
        npi,
        case when length(telephone) = 10 then telephone else {{ telephone('telephone') }} end as telephone
    from everywhere

),

-- A practice that moved keeps its earlier numbers too: a CRM is slow to follow.
final as (

    select distinct
        told.npi,
        told.telephone
    from told
    semi join contacts
        on told.telephone = contacts.phone

)

select * from final
order by npi, telephone

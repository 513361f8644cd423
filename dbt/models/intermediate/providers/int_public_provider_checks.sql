with

organisations as (

    select npi
    from {{ ref('int_nppes_known') }}
    where entity_type_code = '2'

),

services as (

    select npi
    from {{ ref('stg_claims__provider_service') }}
    where entity_code = 'I'

),

payments as (

    select npi
    from {{ ref('stg_open_payments__general') }}
    where teaching_hospital_ccn is null

),

clinicians as (

    select npi
    from {{ ref('stg_registry__doctors_clinicians') }}

),

-- Each row speaks of a person.
people as (

    select
        'claims' as source,
        npi
    from services

    union all

    select
        'open_payments' as source,
        npi
    from payments

    union all

    select
        'registry' as source,
        npi
    from clinicians

),

final as (

    select
        people.source,
        count(organisations.npi) as found,
        count(*) as rows_checked
    from people
    left join organisations
        on people.npi = organisations.npi
    group by people.source

)

select * from final

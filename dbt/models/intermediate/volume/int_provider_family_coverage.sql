with

services as (

    select * from {{ ref('int_claim_services') }}
    where superseded_on = {{ for_ever() }}

),

-- From this month on, claim lines speak for the provider and family; before it, the public files.
final as (

    select
        npi,
        procedure_family,
        min(service_month) as first_claim_month
    from services
    group by npi, procedure_family

)

select * from final

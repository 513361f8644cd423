with

services as (

    select * from {{ ref('int_claim_services') }}
    where superseded_on = {{ for_ever() }}

),

final as (

    select
        npi,
        procedure_family,
        service_month,
        cast(sum(services) as decimal(18, 6)) as services
    from services
    group by npi, procedure_family, service_month

)

select * from final

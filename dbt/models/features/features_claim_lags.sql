with

services as (

    select * from {{ ref('int_claim_services') }}
    where superseded_on = {{ for_ever() }}

),

final as (

    select
        procedure_family,
        service_month as month,
        {{ month_start('first_known_on') }} as known_month,
        cast(sum(services) as double) as services
    from services
    group by procedure_family, service_month, {{ month_start('first_known_on') }}

)

select * from final
order by procedure_family, month, known_month

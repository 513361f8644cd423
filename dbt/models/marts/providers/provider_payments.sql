with

payments as (

    select * from {{ ref('int_general_payments') }}
    where superseded_on > {{ as_of() }} and not is_disputed

),

providers as (

    select npi from {{ ref('int_providers_registered') }}

),

final as (

    select
        payments.npi,
        coalesce(payments.manufacturer, 'Not stated') as manufacturer,
        cast(payments.program_year as bigint) as payment_year,
        coalesce(payments.nature, 'Not stated') as nature,
        payments.relation,
        cast(sum(payments.payment_count) as bigint) as payments,
        cast(sum(payments.amount_usd) as double) as amount_usd
    from payments
    inner join providers
        on payments.npi = providers.npi
    group by
        payments.npi, coalesce(payments.manufacturer, 'Not stated'), payments.program_year,
        coalesce(payments.nature, 'Not stated'), payments.relation

)

select * from final
order by npi, manufacturer, payment_year, nature

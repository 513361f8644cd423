with

general as (

    select
        npi,
        manufacturer,
        program_year,
        coalesce(nature, 'Not stated') as nature,
        relation,
        payment_count,
        amount_usd
    from {{ ref('int_general_payments') }}
    where superseded_on = {{ for_ever() }} and not is_disputed

),

research as (

    select
        npi,
        manufacturer,
        program_year,
        'research' as nature,
        relation,
        1 as payment_count,
        amount_usd
    from {{ ref('int_research_payments') }}
    where superseded_on = {{ for_ever() }} and not is_disputed

),

ownership as (

    select
        npi,
        manufacturer,
        program_year,
        'ownership' as nature,
        relation,
        1 as payment_count,
        amount_usd
    from {{ ref('int_ownership_interests') }}
    where superseded_on = {{ for_ever() }} and not is_disputed

),

-- Three kinds of payment, told apart by their nature.
payments as (

    select * from general
    union all
    select * from research
    union all
    select * from ownership

),

providers as (

    select npi from {{ ref('int_providers_registered') }}

),

final as (

    select
        payments.npi,
        coalesce(payments.manufacturer, 'Not stated') as manufacturer,
        cast(payments.program_year as bigint) as payment_year,
        payments.nature,
        payments.relation,
        cast(sum(payments.payment_count) as bigint) as payments,
        cast(sum(payments.amount_usd) as double) as amount_usd
    from payments
    inner join providers
        on payments.npi = providers.npi
    group by
        payments.npi, coalesce(payments.manufacturer, 'Not stated'), payments.program_year,
        payments.nature, payments.relation

)

select * from final
order by npi, manufacturer, payment_year, nature

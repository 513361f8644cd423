with

payments as (

    select * from {{ ref('int_general_payments') }}

),

-- One payment in a hundred. Apart from the day of the night, so that the others are read for these only when payments have come.
final as (

    select
        npi,
        manufacturer,
        relation,
        nature,
        amount_usd,
        paid_on,
        known_on,
        superseded_on
    from payments
    where relation in ('own', 'competitor') and npi is not null and not is_disputed

)

select * from final

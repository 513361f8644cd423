with

payments as (

    select * from {{ ref('int_general_payments') }}
    where
        superseded_on = {{ for_ever() }}
        and known_on <= {{ as_of() }}
        and not is_disputed
        and npi is not null
        and paid_on > {{ as_of() }} - interval 36 months
        and paid_on <= {{ as_of() }}

),

by_manufacturer as (

    select
        npi,
        manufacturer,
        relation,
        sum(amount_usd) as amount_usd,
        max(paid_on) as last_paid_on
    from payments
    group by npi, manufacturer, relation

),

ranked_top_paying as (

    select
        npi,
        manufacturer as top_paying_manufacturer,
        row_number() over (partition by npi order by amount_usd desc, manufacturer asc) as preference
    from by_manufacturer

),

top_paying as (

    select *
    from ranked_top_paying
    where preference = 1

),

ranked_competitors as (

    select
        *,
        row_number() over (partition by npi order by amount_usd desc, manufacturer asc) as preference
    from by_manufacturer
    where relation = 'competitor'

),

competitors as (

    select *
    from ranked_competitors
    where preference = 1

),

totals as (

    select
        npi,
        sum(amount_usd) filter (where relation = 'own') as own_payments_usd,
        sum(amount_usd) filter (where relation = 'competitor') as competitor_payments_usd
    from by_manufacturer
    group by npi

),

final as (

    select
        totals.npi,
        cast(coalesce(totals.own_payments_usd, 0) as double) as own_payments_usd,
        cast(coalesce(totals.competitor_payments_usd, 0) as double) as competitor_payments_usd,
        top_paying.top_paying_manufacturer,
        cast(competitors.amount_usd as double) as top_competitor_usd,
        competitors.last_paid_on as top_competitor_paid_on
    from totals
    inner join top_paying
        on totals.npi = top_paying.npi
    left join competitors
        on totals.npi = competitors.npi

)

select * from final

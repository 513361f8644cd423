with

payments as (

    select * from {{ ref('provider_payments') }}

),

by_manufacturer as (

    select
        npi,
        payment_year,
        relation,
        manufacturer,
        sum(case when nature not in ('research', 'ownership') then payments else 0 end) as general_payments,
        sum(cast(case when nature not in ('research', 'ownership') then amount_usd else 0 end as decimal(18, 2))) as general_usd,
        sum(cast(case when nature = 'research' then amount_usd else 0 end as decimal(18, 2))) as research_usd,
        sum(cast(case when nature = 'ownership' then amount_usd else 0 end as decimal(18, 2))) as ownership_usd
    from payments
    group by npi, payment_year, relation, manufacturer

),

-- Most general money first, then the name, so that two who paid the same are told apart each night alike.
ranked as (

    select
        *,
        row_number() over (
            partition by npi, payment_year, relation
            order by general_usd desc, research_usd desc, ownership_usd desc, manufacturer asc
        ) as place
    from by_manufacturer

),

final as (

    select
        npi,
        payment_year,
        relation,
        max(case when place = 1 then manufacturer end) as top_manufacturer,
        count(*) as manufacturers,
        cast(sum(general_payments) as bigint) as general_payments,
        cast(sum(general_usd) as double) as general_usd,
        cast(sum(research_usd) as double) as research_usd,
        cast(sum(ownership_usd) as double) as ownership_usd,
        cast(max(case when place = 1 then general_usd end) as double) / nullif(cast(sum(general_usd) as double), 0)
            as top_manufacturer_share
    from ranked
    group by npi, payment_year, relation

)

select * from final
order by npi, payment_year, relation

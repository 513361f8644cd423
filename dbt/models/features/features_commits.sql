with

items as (

    select * from {{ ref('stg_salesforce__forecasting_items') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

final as (

    select
        items.owner_id as rep_id,
        {{ quarter_start('items.period_start', 'settings.fiscal_year_start_month') }} as quarter_start,
        items.submitted_on,
        items.category,
        cast(items.amount_usd as double) as amount_usd
    from items
    cross join settings
    where items.submitted_on <= {{ as_of() }} and items.period_start is not null

)

select * from final
order by rep_id, quarter_start, submitted_on, category, amount_usd

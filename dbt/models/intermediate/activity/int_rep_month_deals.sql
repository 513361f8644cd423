with

deals as (

    select
        *,
        {{ month_start('close_on') }} as month
    from {{ ref('int_opportunities_rebuilt') }}
    where is_closed and close_on <= {{ as_of() }}

),

steps as (

    select * from {{ ref('int_opportunity_steps') }}

),

-- Deals closed in the month and the way that they took; one without history tells no way.
final as (

    select
        deals.rep_id,
        deals.territory_id,
        deals.month,
        count(*) as deals_closed,
        count(*) filter (where deals.is_won) as deals_won,
        count(*) filter (where steps.skipped_stages > 0) as deals_with_skips,
        cast(coalesce(sum(steps.entered_stages), 0) as bigint) as stages_entered,
        cast(coalesce(sum(steps.skipped_stages), 0) as bigint) as skipped_stages,
        cast(coalesce(sum(deals.amount_usd) filter (where deals.is_won), 0) as decimal(18, 2)) as won_usd
    from deals
    left join steps
        on deals.opportunity_id = steps.opportunity_id
    group by deals.rep_id, deals.territory_id, deals.month

)

select * from final
order by rep_id, territory_id, month

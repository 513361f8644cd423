with

seats as (

    select * from {{ ref('int_territory_seats') }}

),

market as (

    select * from {{ ref('int_territory_market') }}

),

known_months as (

    select distinct month from market

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

opportunity as (

    select * from {{ ref('int_territory_opportunity') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

-- Where a month's claims are still coming in, its volume is counted but a share of it would be too high.
final as (

    select
        seats.territory_id,
        seats.month,
        seats.is_over,
        seats.is_overlay,
        seats.rep_id,
        seats.reps_in_seat,
        seats.months_in_seat,
        seats.reps_in_seat * cast(settings.rep_annual_cost_usd as double) / 12 as rep_cost_usd,
        case
            when not seats.is_overlay and known_months.month is not null
                then cast(coalesce(market.market_volume, 0) as double)
        end as market_volume,
        known_months.month is not null
        and (windows.first_claim_month is null or seats.month <= windows.window_end_month) as is_market_complete,
        opportunity.opportunity_usd,
        opportunity.potential_usd
    from seats
    cross join settings
    cross join windows
    left join known_months
        on seats.month = known_months.month
    left join market
        on seats.territory_id = market.territory_id and seats.month = market.month
    left join opportunity
        on seats.territory_id = opportunity.territory_id and seats.month = opportunity.month

)

select * from final
order by territory_id, month

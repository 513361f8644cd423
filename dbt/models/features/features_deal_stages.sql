with

stays as (

    select * from {{ ref('int_opportunity_stays') }}

),

opportunities as (

    select *
    from {{ ref('int_opportunities_rebuilt') }}
    where not is_overlay

),

final as (

    select
        stays.opportunity_id,
        stays.sequence,
        stays.stage,
        stays.stage_order,
        stays.is_closed,
        stays.is_won,
        stays.entered_at,
        stays.left_at,
        cast(stays.amount_usd as double) as amount_usd,
        cast(stays.stated_probability as double) as stated_probability,
        stays.close_on
    from stays
    inner join opportunities
        on stays.opportunity_id = opportunities.opportunity_id

)

select * from final
order by opportunity_id, sequence

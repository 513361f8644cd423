with

opportunities as (

    select * from {{ ref('int_opportunities_rebuilt') }}

),

steps as (

    select * from {{ ref('int_opportunity_steps') }}

),

final as (

    select
        opportunities.opportunity_id,
        opportunities.account_id,
        opportunities.npi,
        opportunities.rep_id,
        opportunities.territory_id,
        opportunities.procedure_family,
        opportunities.stage,
        cast(opportunities.amount_usd as double) as amount_usd,
        cast(opportunities.stated_probability as double) as stated_probability,
        opportunities.created_on,
        opportunities.close_on,
        opportunities.is_closed,
        opportunities.is_won,
        cast(steps.step_conformance as double) as step_conformance,
        cast(steps.skipped_stages as bigint) as skipped_stages
    from opportunities
    left join steps
        on opportunities.opportunity_id = steps.opportunity_id

)

select * from final
order by opportunity_id

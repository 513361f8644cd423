with

stages as (

    select * from {{ ref('int_stages_mapped') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

history as (

    select
        history.*,
        {{ local_date('history.changed_at', 'settings.timezone') }} as known_on
    from {{ ref('int_crm_opportunity_history_united') }} as history
    cross join settings

),

-- A stage that the company does not list keeps the CRM's name and is closed when the CRM forecasts it as such.
final as (

    select
        history.opportunity_id,
        history.history_id,
        history.changed_at,
        history.known_on,
        coalesce(stages.stage, history.crm_stage_name) as stage,
        stages.stage_order,
        coalesce(stages.is_closed, lower(history.forecast_category) in ('closed', 'omitted'), false) as is_closed,
        coalesce(stages.is_won, lower(history.forecast_category) = 'closed', false) as is_won,
        coalesce(history.stated_probability, stages.stated_probability) as stated_probability,
        history.amount_usd,
        history.close_on
    from history
    left join stages
        on lower(history.crm_stage_name) = stages.crm_stage_key

)

select * from final
order by opportunity_id, changed_at, history_id

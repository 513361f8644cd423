with

salesforce as (

    select * from {{ ref('stg_salesforce__opportunity_history') }}

),

hubspot as (

    select * from {{ ref('stg_hubspot__deal_stage_history') }}

),

deals as (

    select * from {{ ref('stg_hubspot__deals') }}

),

ids as (

    select * from {{ ref('int_hubspot_ids') }}
    where object = 'deal'

),

labelled as (

    select
        hubspot.*,
        coalesce(ids.published_id, hubspot.opportunity_id) as published_id,
        {{ stage_label('hubspot.crm_stage_name', 'deals.pipeline') }} as label,
        deals.amount_usd,
        case
            when
                lower(replace({{ stage_label('deals.crm_stage_name', 'deals.pipeline') }}, ' ', '')) not in ('closedwon', 'closedlost')
                and coalesce(deals.stated_probability not in (0, 1), true)
                then deals.close_on
        end as close_on
    from hubspot
    left join deals
        on hubspot.opportunity_id = deals.opportunity_id
    left join ids
        on hubspot.opportunity_id = ids.record_id

),

final as (

    select
        history_id,
        opportunity_id,
        crm_stage_name,
        forecast_category,
        stated_probability,
        amount_usd,
        close_on,
        changed_at
    from salesforce

    union all

    -- HubSpot tells when a stage was entered and nothing of amounts: the deal's own is the best known. The day on which a deal
    -- was closed in the end was nobody's close date before.
    select
        concat_ws('-', published_id, cast(changed_at as string), label) as history_id,
        published_id as opportunity_id,
        label as crm_stage_name,
        case lower(replace(label, ' ', '')) when 'closedwon' then 'Closed' when 'closedlost' then 'Omitted' end as forecast_category,
        cast(null as decimal(9, 4)) as stated_probability,
        amount_usd,
        close_on,
        changed_at
    from labelled

)

select * from final

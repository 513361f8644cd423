with

source as (

    select * from {{ source('hubspot', 'deal_stage_history') }}

),

newest as (

    {{ newest_copies('source', key='record_id, deal_stage, entered_at', given='record_id is not null and entered_at is not null') }}

),

renamed as (

    select
        record_id as opportunity_id,
        nullif(trim(deal_stage), '') as crm_stage_name,
        entered_at as changed_at
    from newest

)

select * from renamed

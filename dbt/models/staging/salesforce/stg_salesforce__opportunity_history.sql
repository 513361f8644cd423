with

source as (

    select * from {{ source('salesforce', 'opportunity_history') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null', first=['createddate']) }}

),

renamed as (

    select
        id as history_id,
        opportunityid as opportunity_id,
        nullif(trim(stagename), '') as crm_stage_name,
        nullif(trim(forecastcategory), '') as forecast_category,
        probability / 100 as stated_probability,
        amount as amount_usd,
        closedate as close_on,
        createddate as changed_at
    from newest
    where createddate is not null

)

select * from renamed

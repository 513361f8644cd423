with

source as (

    select * from {{ source('hubspot', 'deals') }}

),

newest as (

    {{ newest_versions('source', key='record_id', modified='modified_at') }}

),

renamed as (

    select
        record_id as opportunity_id,
        associated_company_id as account_id,
        associated_contact_id as contact_id,
        {{ owner_name('deal_owner') }} as owner,
        nullif(trim(procedure_family), '') as procedure_family,
        nullif(trim(deal_stage), '') as crm_stage_name,
        nullif(trim(pipeline), '') as pipeline,
        case when deal_probability > 1 then deal_probability / 100 else deal_probability end as stated_probability,
        amount as amount_usd,
        close_date as close_on,
        created_at,
        modified_at
    from newest

)

select * from renamed

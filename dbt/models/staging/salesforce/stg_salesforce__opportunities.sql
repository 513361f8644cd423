with

source as (

    select * from {{ source('salesforce', 'opportunity') }}

),

newest as (

    {{ newest_versions('source', key='id', modified='lastmodifieddate') }}

),

renamed as (

    select
        id as opportunity_id,
        accountid as account_id,
        primary_contact__c as contact_id,
        ownerid as owner_id,
        nullif(trim(procedure_family__c), '') as procedure_family,
        nullif(trim(stagename), '') as crm_stage_name,
        nullif(trim(forecastcategoryname), '') as forecast_category,
        isclosed as is_closed,
        iswon as is_won,
        probability / 100 as stated_probability,
        amount as amount_usd,
        closedate as close_on,
        createddate as created_at,
        lastmodifieddate as modified_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed

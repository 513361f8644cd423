with

newest as (

    select * from {{ ref('base_salesforce__contacts') }}

),

renamed as (

    select
        id as contact_id,
        accountid as account_id,
        ownerid as owner_id,
        nullif(trim(firstname), '') as first_name,
        nullif(trim(lastname), '') as last_name,
        nullif(trim(title), '') as title,
        nullif(trim(npi__c), '') as npi,
        nullif(trim(specialty__c), '') as specialty,
        lower(nullif(trim(stakeholder_role__c), '')) as role,
        nullif(trim(mailingcity), '') as city,
        upper(nullif(trim(mailingstate), '')) as state,
        {{ zip5('mailingpostalcode') }} as zip5,
        {{ telephone('phone') }} as phone,
        lower(nullif(trim(email), '')) as email,
        coalesce(donotcall, false) as do_not_call,
        coalesce(target__c, false) as is_rep_target,
        createddate as created_at,
        lastmodifieddate as modified_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed

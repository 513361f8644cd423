with

newest as (

    select * from {{ ref('base_salesforce__accounts') }}

),

renamed as (

    select
        id as account_id,
        parentid as parent_account_id,
        ownerid as owner_id,
        nullif(trim(name), '') as name,
        nullif(trim(type), '') as type,
        nullif(trim(ccn__c), '') as ccn,
        nullif(trim(npi__c), '') as npi,
        nullif(trim(gpo__c), '') as gpo,
        coalesce(ispersonaccount, false) as is_person,
        nullif(trim(firstname), '') as first_name,
        nullif(trim(lastname), '') as last_name,
        nullif(trim(persontitle), '') as title,
        nullif(trim(specialty__c), '') as specialty,
        coalesce(nullif(trim(personmailingcity), ''), nullif(trim(billingcity), '')) as city,
        upper(coalesce(nullif(trim(personmailingstate), ''), nullif(trim(billingstate), ''))) as state,
        {{ zip5('coalesce(personmailingpostalcode, billingpostalcode)') }} as zip5,
        {{ telephone('coalesce(personphone, phone)') }} as phone,
        lower(nullif(trim(personemail), '')) as email,
        coalesce(persondonotcall, false) as do_not_call,
        coalesce(target__c, false) as is_rep_target,
        createddate as created_at,
        lastmodifieddate as modified_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed

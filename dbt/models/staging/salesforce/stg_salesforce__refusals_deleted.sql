with

contacts as (

    select * from {{ ref('base_salesforce__contacts') }}

),

persons as (

    select * from {{ ref('base_salesforce__accounts') }}

),

final as (

    select
        id as contact_id,
        nullif(trim(npi__c), '') as npi,
        createddate as created_at
    from contacts
    where isdeleted and donotcall

    union all

    select
        id as contact_id,
        nullif(trim(npi__c), '') as npi,
        createddate as created_at
    from persons
    where isdeleted and persondonotcall

)

select * from final

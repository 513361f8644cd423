with

source as (

    select * from {{ source('salesforce', 'competitor_activity') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as sighting_id,
        account__c as account_id,
        contact__c as contact_id,
        ownerid as owner_id,
        nullif(trim(competitor__c), '') as competitor,
        observed_on__c as observed_on
    from newest

)

select * from renamed

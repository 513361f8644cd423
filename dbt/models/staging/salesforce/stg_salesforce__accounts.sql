with

source as (

    select * from {{ source('salesforce', 'account') }}

),

newest as (

    select *
    from source
    where id is not null
    qualify {{ newest_copy('id', ['cast(lastmodifieddate as date) <= ' ~ as_of(), 'lastmodifieddate']) }}

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
        nullif(trim(billingcity), '') as city,
        upper(nullif(trim(billingstate), '')) as state,
        case
            when regexp_full_match(trim(billingpostalcode), '[0-9]{3,4}') then lpad(trim(billingpostalcode), 5, '0')
            else nullif(left(trim(billingpostalcode), 5), '')
        end as zip5,
        createddate as created_at,
        lastmodifieddate as modified_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed

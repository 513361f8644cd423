with

source as (

    select * from {{ source('salesforce', 'campaign_member') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null', first=['createddate']) }}

),

renamed as (

    select
        id as campaign_member_id,
        campaignid as campaign_id,
        contactid as contact_id,
        coalesce(hasresponded, false) as has_responded,
        firstrespondeddate as responded_on,
        createddate as created_at,
        _released_on as released_on
    from newest

)

select * from renamed

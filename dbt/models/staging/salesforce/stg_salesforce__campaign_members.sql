with

source as (

    select * from {{ source('salesforce', 'campaign_member') }}

),

newest as (

    select *
    from source
    where id is not null
    qualify row_number() over (
        partition by id
        order by
            createddate desc nulls last,
            _released_on desc nulls last,
            _release desc nulls last,
            _file desc,
            _row desc
    ) = 1

),

renamed as (

    select
        id as campaign_member_id,
        campaignid as campaign_id,
        contactid as contact_id,
        coalesce(hasresponded, false) as has_responded,
        firstrespondeddate as responded_on,
        createddate as created_at
    from newest

)

select * from renamed

with

campaigns as (

    select * from {{ ref('stg_salesforce__campaigns') }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

members as (

    select
        members.*,
        {{ local_date('members.created_at', 'settings.timezone') }} as created_on
    from {{ ref('stg_salesforce__campaign_members') }} as members
    cross join settings

),

dated as (

    select
        members.*,
        coalesce(campaigns.name, members.campaign_id) as campaign,
        coalesce(members.created_on, campaigns.starts_on) as touched_on,
        -- A response without a day was given by the day of its file, which the file's name may tell.
        case when members.has_responded then coalesce(members.responded_on, members.released_on) end as response_known_on
    from members
    left join campaigns
        on members.campaign_id = campaigns.campaign_id

),

final as (

    select
        dated.campaign_member_id as touch_id,
        dated.campaign,
        contacts.npi,
        dated.touched_on,
        dated.has_responded and coalesce(dated.response_known_on <= {{ as_of() }}, true) as has_responded,
        case when dated.responded_on <= {{ as_of() }} then dated.responded_on end as responded_on,
        case when dated.response_known_on <= {{ as_of() }} then dated.response_known_on end as response_known_on
    from dated
    left join contacts
        on dated.contact_id = contacts.contact_id
    where dated.touched_on <= {{ as_of() }}

)

select * from final
order by touch_id

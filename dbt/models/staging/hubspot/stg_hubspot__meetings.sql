with

source as (

    select * from {{ source('hubspot', 'meetings') }}

),

newest as (

    {{ newest_copies('source', key='record_id', given='record_id is not null', first=['created_at']) }}

),

renamed as (

    select
        record_id as meeting_id,
        associated_contact_id as contact_id,
        associated_company_id as account_id,
        associated_deal_id as opportunity_id,
        {{ owner_name('assigned_to') }} as owner,
        lower(nullif(trim(type), '')) as type,
        lower(nullif(trim(outcome), '')) as status,
        nullif(trim(title), '') as title,
        started_at,
        ended_at,
        created_at
    from newest

)

select * from renamed

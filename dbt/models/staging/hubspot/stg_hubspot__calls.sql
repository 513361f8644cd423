with

source as (

    select * from {{ source('hubspot', 'calls') }}

),

newest as (

    {{ newest_copies('source', key='record_id', given='record_id is not null', first=['created_at']) }}

),

renamed as (

    select
        record_id as call_id,
        associated_contact_id as contact_id,
        associated_company_id as account_id,
        associated_deal_id as opportunity_id,
        {{ owner_name('assigned_to') }} as owner,
        lower(nullif(trim(type), '')) as type,
        lower(coalesce(nullif(trim(outcome), ''), nullif(trim(status), ''))) as status,
        nullif(trim(title), '') as title,
        case
            when {{ matches_whole('trim(duration)', '[0-9]+:[0-9]{2}:[0-9]{2}') }}
                then
                    cast(split_part(trim(duration), ':', 1) as bigint) * 3600
                    + cast(split_part(trim(duration), ':', 2) as bigint) * 60
                    + cast(split_part(trim(duration), ':', 3) as bigint)
            else {{ whole_quotient('try_cast(trim(duration) as bigint)', 1000) }}
        end as duration_seconds,
        started_at,
        created_at
    from newest

)

select * from renamed

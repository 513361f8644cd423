with

source as (

    select * from {{ source('hubspot', 'contacts') }}

),

newest as (

    {{ newest_versions('source', key='record_id', modified='modified_at') }}

),

renamed as (

    select
        record_id as contact_id,
        associated_company_id as account_id,
        nullif(trim(first_name), '') as first_name,
        nullif(trim(last_name), '') as last_name,
        nullif(trim(job_title), '') as title,
        nullif(trim(npi), '') as npi,
        nullif(trim(specialty), '') as specialty,
        lower(nullif(trim(stakeholder_role), '')) as role,
        nullif(trim(city), '') as city,
        upper(nullif(trim(state), '')) as state,
        {{ zip5('postal_code') }} as zip5,
        {{ telephone('phone_number') }} as phone,
        lower(nullif(trim(email), '')) as email,
        coalesce(do_not_call, false) as do_not_call,
        coalesce(target, false) as is_rep_target,
        created_at,
        modified_at
    from newest

)

select * from renamed

with

source as (

    select * from {{ source('hubspot', 'companies') }}

),

newest as (

    {{ newest_versions('source', key='record_id', modified='modified_at') }}

),

renamed as (

    select
        record_id as account_id,
        parent_company_id as parent_account_id,
        nullif(trim(company_name), '') as name,
        nullif(trim(type), '') as type,
        nullif(trim(ccn), '') as ccn,
        nullif(trim(npi), '') as npi,
        nullif(trim(gpo), '') as gpo,
        nullif(trim(city), '') as city,
        upper(nullif(trim(state), '')) as state,
        {{ zip5('postal_code') }} as zip5,
        created_at,
        modified_at
    from newest

)

select * from renamed

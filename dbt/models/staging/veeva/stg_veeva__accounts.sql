with

newest as (

    select * from {{ ref('base_veeva__accounts') }}

),

renamed as (

    select
        id as account_id,
        primary_parent as primary_parent_id,
        parentid as parent_account_id,
        ownerid as owner_id,
        nullif(trim(name), '') as name,
        nullif(trim(firstname), '') as first_name,
        nullif(trim(lastname), '') as last_name,
        coalesce(ispersonaccount, nullif(trim(lastname), '') is not null) as is_person,
        nullif(trim(type), '') as type,
        nullif(trim(persontitle), '') as title,
        nullif(trim(npi), '') as npi,
        nullif(trim(ccn), '') as ccn,
        nullif(trim(gpo), '') as gpo,
        nullif(trim(specialty_1), '') as specialty,
        lower(nullif(trim(stakeholder_role), '')) as role,
        nullif(trim(coalesce(personmailingcity, billingcity)), '') as city,
        upper(nullif(trim(coalesce(personmailingstate, billingstate)), '')) as state,
        {{ zip5('coalesce(personmailingpostalcode, billingpostalcode)') }} as zip5,
        {{ telephone('phone') }} as phone,
        lower(nullif(trim(personemail), '')) as email,
        coalesce(persondonotcall, false) or coalesce(do_not_call, false) as do_not_call,
        coalesce(pdrp_opt_out, false) as has_pdrp_opt_out,
        pdrp_opt_out_date as pdrp_opted_out_on,
        createddate as created_at,
        lastmodifieddate as modified_at
    from newest
    where not coalesce(isdeleted, false)

)

select * from renamed

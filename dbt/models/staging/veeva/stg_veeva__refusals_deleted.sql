with

newest as (

    select * from {{ ref('base_veeva__accounts') }}

),

renamed as (

    select
        id as contact_id,
        nullif(trim(npi), '') as npi,
        coalesce(persondonotcall, false) or coalesce(do_not_call, false) as do_not_call,
        coalesce(pdrp_opt_out, false) as has_pdrp_opt_out,
        pdrp_opt_out_date as pdrp_opted_out_on,
        createddate as created_at
    from newest
    where isdeleted

)

select * from renamed
where do_not_call or has_pdrp_opt_out

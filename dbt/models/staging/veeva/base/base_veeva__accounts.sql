with

source as (

    select * from {{ source('veeva', 'account') }}

),

newest as (

    {{ newest_versions('source', key='id', modified='lastmodifieddate') }}

),

exported as (

    select
        id,
        name,
        firstname,
        lastname,
        ispersonaccount,
        npi,
        specialty_1,
        persontitle,
        stakeholder_role,
        primary_parent,
        parentid,
        ccn,
        gpo,
        type,
        billingcity,
        billingstate,
        billingpostalcode,
        personmailingcity,
        personmailingstate,
        personmailingpostalcode,
        phone,
        personemail,
        persondonotcall,
        do_not_call,
        pdrp_opt_out,
        pdrp_opt_out_date,
        ownerid,
        createddate,
        lastmodifieddate,
        isdeleted
    from newest

)

select * from exported

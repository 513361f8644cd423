with

of_salesforce as (

    select * from {{ ref('stg_salesforce__refusals_deleted') }}

),

of_veeva as (

    select * from {{ ref('stg_veeva__refusals_deleted') }}

),

last_night as (

    select * from {{ ref('stg_history__crm_refusals') }}

),

contacts as (

    select distinct contact_id
    from {{ ref('int_crm_contacts_united') }}

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

deleted as (

    select
        contact_id,
        npi,
        'DO_NOT_CALL' as rule,
        created_at,
        cast(null as date) as opted_out_on
    from of_salesforce

    union all

    select
        contact_id,
        npi,
        'DO_NOT_CALL' as rule,
        created_at,
        cast(null as date) as opted_out_on
    from of_veeva
    where do_not_call

    union all

    select
        contact_id,
        npi,
        'PDRP' as rule,
        created_at,
        pdrp_opted_out_on as opted_out_on
    from of_veeva
    where has_pdrp_opt_out and coalesce(pdrp_opted_out_on <= {{ as_of() }}, true)

),

-- Of a record that is still exported as deleted its NPI says who it was.
exported as (

    select
        deleted.contact_id,
        case
            when {{ ends_in('deleted.npi', "'.0'") }} then substr(deleted.npi, 1, length(deleted.npi) - 2)
            else deleted.npi
        end as npi,
        deleted.rule,
        {{ local_date('deleted.created_at', 'settings.timezone') }} as recorded_on,
        deleted.opted_out_on
    from deleted
    cross join settings

),

-- Of one that is gone, whom it meant on the night before.
said as (

    select
        contact_id,
        npi,
        rule,
        coalesce(opted_out_on, recorded_on) as since
    from exported
    where
        {{ has_npi_check_digit('npi') }}
        and (recorded_on <= {{ as_of() }} or recorded_on is null)

    union all

    select
        contact_id,
        npi,
        rule,
        since
    from last_night

),

-- A record that is there speaks for itself; a steward may say of one that is gone that it never meant this provider.
ruled_out as (

    select
        said.contact_id,
        said.npi
    from said
    inner join decisions
        on said.contact_id = decisions.contact_id
    where
        decisions.decision = 'no_link' and (decisions.npi = said.npi or decisions.npi is null)
        or decisions.decision = 'link' and decisions.npi != said.npi

),

final as (

    select
        said.contact_id,
        said.npi,
        said.rule,
        min(said.since) as since
    from said
    anti join contacts
        on said.contact_id = contacts.contact_id
    anti join ruled_out
        on said.contact_id = ruled_out.contact_id and said.npi = ruled_out.npi
    group by said.contact_id, said.npi, said.rule

)

select * from final
order by contact_id, npi, rule

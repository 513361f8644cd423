with

salesforce as (

    select * from {{ ref('stg_salesforce__opportunities') }}

),

hubspot as (

    select
        *,
        {{ stage_label('crm_stage_name', 'pipeline') }} as label,
        lower(replace({{ stage_label('crm_stage_name', 'pipeline') }}, ' ', '')) as label_key
    from {{ ref('stg_hubspot__deals') }}

),

ids as (

    select * from {{ ref('int_hubspot_ids') }}

),

owners as (

    select * from {{ ref('int_crm_owners') }}

),

-- A deal without a family is one of the first focus family of the company's file.
first_focus as (

    select {{ value_at_smallest('procedure_family', 'file_row') }} as procedure_family
    from {{ ref('stg_company__procedure_families') }}
    where is_focus

),

final as (

    select
        opportunity_id,
        account_id,
        contact_id,
        owner_id,
        procedure_family,
        crm_stage_name,
        is_closed,
        is_won,
        stated_probability,
        amount_usd,
        close_on,
        created_at,
        modified_at
    from salesforce

    union all

    -- A record that HubSpot does not hold lives in the Salesforce org beside it. A closed stage is one of certainty.
    select
        own_ids.published_id as opportunity_id,
        coalesce(company_ids.published_id, hubspot.account_id) as account_id,
        coalesce(contact_ids.published_id, hubspot.contact_id) as contact_id,
        coalesce(owners.user_id, hubspot.owner) as owner_id,
        coalesce(hubspot.procedure_family, first_focus.procedure_family) as procedure_family,
        hubspot.label as crm_stage_name,
        coalesce(hubspot.label_key in ('closedwon', 'closedlost') or hubspot.stated_probability in (0, 1), false) as is_closed,
        coalesce(hubspot.label_key = 'closedwon' or hubspot.stated_probability = 1, false) as is_won,
        hubspot.stated_probability,
        hubspot.amount_usd,
        hubspot.close_on,
        hubspot.created_at,
        hubspot.modified_at
    from hubspot
    cross join first_focus
    inner join ids as own_ids
        on hubspot.opportunity_id = own_ids.record_id and own_ids.object = 'deal'
    left join ids as company_ids
        on hubspot.account_id = company_ids.record_id and company_ids.object = 'company'
    left join ids as contact_ids
        on hubspot.contact_id = contact_ids.record_id and contact_ids.object = 'contact'
    left join owners
        on lower(hubspot.owner) = owners.owner_key

)

select * from final
order by opportunity_id

with

salesforce_contacts as (

    select * from {{ ref('stg_salesforce__contacts') }}

),

salesforce_persons as (

    select * from {{ ref('stg_salesforce__accounts') }}
    where is_person

),

veeva_persons as (

    select * from {{ ref('stg_veeva__accounts') }}
    where is_person

),

hubspot as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

hubspot_ids as (

    select * from {{ ref('int_hubspot_ids') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

-- Veeva keeps the rep's list by account and territory.
targets as (

    select distinct account_id
    from {{ ref('stg_veeva__territory_fields') }}
    where is_rep_target

),

every_crm as (

    select
        1 as place,
        'salesforce' as register,
        contact_id,
        account_id,
        first_name,
        last_name,
        title,
        npi,
        specialty,
        role,
        city,
        state,
        zip5,
        phone,
        email,
        created_at,
        do_not_call,
        false as has_pdrp_opt_out,
        cast(null as date) as pdrp_opted_out_on,
        is_rep_target
    from salesforce_contacts

    union all

    select
        2 as place,
        'salesforce persons' as register,
        account_id as contact_id,
        parent_account_id as account_id,
        first_name,
        last_name,
        title,
        npi,
        specialty,
        cast(null as string) as role,
        city,
        state,
        zip5,
        phone,
        email,
        created_at,
        do_not_call,
        false as has_pdrp_opt_out,
        cast(null as date) as pdrp_opted_out_on,
        is_rep_target
    from salesforce_persons

    union all

    select
        3 as place,
        'veeva' as register,
        veeva_persons.account_id as contact_id,
        coalesce(veeva_persons.primary_parent_id, veeva_persons.parent_account_id) as account_id,
        veeva_persons.first_name,
        veeva_persons.last_name,
        veeva_persons.title,
        veeva_persons.npi,
        veeva_persons.specialty,
        veeva_persons.role,
        veeva_persons.city,
        veeva_persons.state,
        veeva_persons.zip5,
        veeva_persons.phone,
        veeva_persons.email,
        veeva_persons.created_at,
        veeva_persons.do_not_call,
        veeva_persons.has_pdrp_opt_out,
        veeva_persons.pdrp_opted_out_on,
        targets.account_id is not null as is_rep_target
    from veeva_persons
    left join targets
        on veeva_persons.account_id = targets.account_id

    union all

    select
        4 as place,
        'hubspot' as register,
        own_ids.published_id as contact_id,
        coalesce(company_ids.published_id, hubspot.account_id) as account_id,
        hubspot.first_name,
        hubspot.last_name,
        hubspot.title,
        hubspot.npi,
        hubspot.specialty,
        hubspot.role,
        hubspot.city,
        hubspot.state,
        hubspot.zip5,
        hubspot.phone,
        hubspot.email,
        hubspot.created_at,
        hubspot.do_not_call,
        false as has_pdrp_opt_out,
        cast(null as date) as pdrp_opted_out_on,
        hubspot.is_rep_target
    from hubspot
    inner join hubspot_ids as own_ids
        on hubspot.contact_id = own_ids.record_id and own_ids.object = 'contact'
    left join hubspot_ids as company_ids
        on hubspot.account_id = company_ids.record_id and company_ids.object = 'company'

),

-- One Id in two exports of one org is one contact, told by the first that tells; one refusal is enough.
united as (

    select
        contact_id,
        {{ value_at_smallest('register', 'place') }} as register,
        {{ value_at_smallest('account_id', 'place') }} as account_id,
        {{ value_at_smallest('first_name', 'place') }} as first_name,
        {{ value_at_smallest('last_name', 'place') }} as last_name,
        {{ value_at_smallest('title', 'place') }} as title,
        {{ value_at_smallest('npi', 'place') }} as npi,
        {{ value_at_smallest('specialty', 'place') }} as specialty,
        {{ value_at_smallest('role', 'place') }} as role,
        {{ value_at_smallest('city', 'place') }} as city,
        {{ value_at_smallest('state', 'place') }} as state,
        {{ value_at_smallest('zip5', 'place') }} as zip5,
        {{ value_at_smallest('phone', 'place') }} as phone,
        {{ value_at_smallest('email', 'place') }} as email,
        {{ value_at_smallest('created_at', 'place') }} as created_at,
        bool_or(do_not_call) as do_not_call,
        bool_or(has_pdrp_opt_out) as has_pdrp_opt_out,
        min(pdrp_opted_out_on) as pdrp_opted_out_on,
        bool_or(is_rep_target) as is_rep_target
    from every_crm
    group by contact_id

),

final as (

    select
        united.*,
        {{ local_date('united.created_at', 'settings.timezone') }} as known_on
    from united
    cross join settings

)

select * from final
order by contact_id

with

veeva as (

    select * from {{ ref('stg_veeva__accounts') }}
    where not is_person

),

veeva_persons as (

    select account_id from {{ ref('stg_veeva__accounts') }}
    where is_person

),

-- An export of the same org that does not say who is a person learns it from Veeva's.
salesforce as (

    select accounts.*
    from {{ ref('stg_salesforce__accounts') }} as accounts
    anti join veeva_persons
        on accounts.account_id = veeva_persons.account_id
    where not accounts.is_person

),

hubspot as (

    select * from {{ ref('stg_hubspot__companies') }}

),

hubspot_ids as (

    select * from {{ ref('int_hubspot_ids') }}
    where object = 'company'

),

every_crm as (

    select
        1 as place,
        'salesforce' as register,
        account_id,
        parent_account_id,
        name,
        type,
        ccn,
        npi,
        gpo,
        city,
        state,
        zip5,
        created_at
    from salesforce

    union all

    select
        2 as place,
        'veeva' as register,
        account_id,
        coalesce(primary_parent_id, parent_account_id) as parent_account_id,
        name,
        type,
        ccn,
        npi,
        gpo,
        city,
        state,
        zip5,
        created_at
    from veeva

    union all

    select
        3 as place,
        'hubspot' as register,
        hubspot_ids.published_id as account_id,
        coalesce(parents.published_id, hubspot.parent_account_id) as parent_account_id,
        hubspot.name,
        hubspot.type,
        hubspot.ccn,
        hubspot.npi,
        hubspot.gpo,
        hubspot.city,
        hubspot.state,
        hubspot.zip5,
        hubspot.created_at
    from hubspot
    inner join hubspot_ids
        on hubspot.account_id = hubspot_ids.record_id
    left join hubspot_ids as parents
        on hubspot.parent_account_id = parents.record_id

),

-- Veeva CRM lives in a Salesforce org: one Id in both exports is one account, told by the first that tells.
final as (

    select
        account_id,
        {{ value_at_smallest('register', 'place') }} as register,
        {{ value_at_smallest('parent_account_id', 'place') }} as parent_account_id,
        {{ value_at_smallest('name', 'place') }} as name,
        {{ value_at_smallest('type', 'place') }} as type,
        {{ value_at_smallest('ccn', 'place') }} as ccn,
        {{ value_at_smallest('npi', 'place') }} as npi,
        {{ value_at_smallest('gpo', 'place') }} as gpo,
        {{ value_at_smallest('city', 'place') }} as city,
        {{ value_at_smallest('state', 'place') }} as state,
        {{ value_at_smallest('zip5', 'place') }} as zip5,
        {{ value_at_smallest('created_at', 'place') }} as created_at
    from every_crm
    group by account_id

)

select * from final
order by account_id

with

restrictions as (

    select * from {{ ref('stg_company__restrictions') }}
    where
        (effective_from <= {{ as_of() }} or effective_from is null)
        and (effective_to >= {{ as_of() }} or effective_to is null)

),

sites as (

    select * from {{ ref('int_provider_sites') }}
    where
        (valid_from <= {{ as_of() }} or valid_from is null)
        and valid_to >= {{ as_of() }}

),

registered as (

    select distinct npi from sites
    where is_registered

),

-- Of whom the registry tells no place, the account says under which the CRM keeps them.
affiliations as (

    select
        sites.npi,
        sites.site_id as facility_id
    from sites
    left join registered
        on sites.npi = registered.npi
    where sites.is_registered or registered.npi is null

),

accounts as (

    select * from {{ ref('int_crm_accounts_united') }}
    where npi is not null

),

linked as (

    select * from {{ ref('int_accounts_linked') }}
    where facility_id is not null

),

-- A list may name a facility by its NPI, while its CCN is what providers are placed by.
facility_npis as (

    select
        npi,
        facility_id
    from {{ ref('int_facility_npis') }}
    union
    select
        accounts.npi,
        linked.facility_id
    from accounts
    inner join linked
        on accounts.account_id = linked.account_id

),

closed as (

    select
        facility_id,
        restriction_list,
        effective_from
    from restrictions
    where npi is null

    union all

    select
        facility_npis.facility_id,
        restrictions.restriction_list,
        restrictions.effective_from
    from restrictions
    inner join facility_npis
        on restrictions.facility_id = facility_npis.npi
    where restrictions.npi is null

),

state_rules as (

    select * from {{ ref('int_state_rules') }}
    where is_in_force and reach = 'everyone'

),

providers as (

    select * from {{ ref('int_providers_registered') }}

),

final as (

    select
        npi,
        restriction_list as rule,
        effective_from as since
    from restrictions
    where npi is not null

    union all

    -- A facility's restriction reaches whoever works there.
    select
        affiliations.npi,
        closed.restriction_list as rule,
        closed.effective_from as since
    from closed
    inner join affiliations
        on closed.facility_id = affiliations.facility_id

    union all

    -- Where a state forbids prescriber data in marketing, everybody there has opted out.
    select
        providers.npi,
        'STATE_OPT_OUT' as rule,
        state_rules.effective_from as since
    from state_rules
    inner join providers
        on state_rules.state = providers.state

)

select * from final

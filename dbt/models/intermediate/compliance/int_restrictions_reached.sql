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
        restrictions.restriction_list as rule,
        restrictions.effective_from as since
    from restrictions
    inner join affiliations
        on restrictions.facility_id = affiliations.facility_id
    where restrictions.npi is null

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

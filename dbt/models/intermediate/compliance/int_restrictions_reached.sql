with

restrictions as (

    select * from {{ ref('stg_company__restrictions') }}
    where
        (effective_from <= {{ as_of() }} or effective_from is null)
        and (effective_to >= {{ as_of() }} or effective_to is null)

),

by_facility as (

    select * from {{ ref('int_restrictions_by_facility') }}
    where npi is not null

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
        npi,
        restriction_list as rule,
        effective_from as since
    from by_facility

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

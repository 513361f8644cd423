with

sites as (

    select distinct
        npi,
        site_id,
        valid_from,
        valid_to
    from {{ ref('int_provider_sites') }}

),

contracts as (

    select
        *,
        coalesce(facility_id, account_id) as site_id,
        greatest(coalesce(starts_on, {{ since_ever() }}), coalesce(known_on, {{ since_ever() }})) as holds_from,
        coalesce(ends_on, {{ for_ever() }}) as holds_to
    from {{ ref('int_contracts') }}

),

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus and has_procedure_codes

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

-- A contract that names no family covers all of them; one that names no supplier is nobody's for all we know.
bound as (

    select
        sites.npi,
        families.procedure_family,
        contracts.relation,
        contracts.ends_on,
        greatest(sites.valid_from, contracts.holds_from) as holds_from,
        least(sites.valid_to, contracts.holds_to) as holds_to
    from sites
    inner join contracts
        on sites.site_id = contracts.site_id
    inner join families
        on coalesce(contracts.procedure_family, families.procedure_family) = families.procedure_family

),

final as (

    select
        bound.npi,
        bound.procedure_family,
        snapshots.snapshot_on,
        bool_or(bound.relation = 'competitor') as has_competitor_contract,
        bool_or(bound.relation = 'own') as has_own_contract,
        min({{ days_between('snapshots.snapshot_on', 'bound.ends_on') }}) filter (where bound.relation = 'competitor')
            as days_to_competitor_contract_end
    from bound
    inner join snapshots
        on snapshots.snapshot_on between bound.holds_from and bound.holds_to
    group by bound.npi, bound.procedure_family, snapshots.snapshot_on

)

select * from final

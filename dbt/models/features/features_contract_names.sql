with

contracts as (

    select
        *,
        coalesce(facility_id, account_id) as site_id
    from {{ ref('int_contracts') }}
    where
        not is_own and ends_on >= {{ as_of() }}
        and coalesce(starts_on, {{ since_ever() }}) <= {{ as_of() }}
        and coalesce(known_on, {{ since_ever() }}) <= {{ as_of() }}

),

families as (

    select procedure_family
    from {{ ref('int_families_listed') }}
    where is_focus and has_procedure_codes

),

-- One row a provider and place, of the places that have a contract.
sites as (

    select distinct
        npi,
        site_id
    from {{ ref('int_provider_sites') }}
    where
        {{ as_of() }} between valid_from and valid_to
        and site_id in (select contracts.site_id from contracts)

),

scorable as (

    select * from {{ ref('int_candidate_npis') }}

),

facilities as (

    select * from {{ ref('int_facilities_described') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

ranked as (

    select
        sites.npi,
        contracts.supplier,
        coalesce(facilities.name, accounts.name) as facility,
        {{ days_between(as_of(), 'contracts.ends_on') }} as days_to_contract_end,
        row_number() over (
            partition by sites.npi order by contracts.ends_on asc, contracts.supplier asc nulls last, contracts.contract_id asc
        ) as preference
    from sites
    semi join scorable
        on sites.npi = scorable.npi
    inner join contracts
        on sites.site_id = contracts.site_id
    left join facilities
        on contracts.facility_id = facilities.facility_id
    left join accounts
        on contracts.account_id = accounts.account_id
    where
        contracts.procedure_family is null
        or contracts.procedure_family in (select families.procedure_family from families)

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final
order by npi

with

contracts as (

    select
        *,
        coalesce(ends_on >= {{ as_of() }}, true) as is_running
    from {{ ref('int_contracts') }}

),

territories as (

    select * from {{ ref('int_zip_primary_territories') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

facilities as (

    select * from {{ ref('int_facilities_described') }}

),

final as (

    select
        contracts.contract_id,
        contracts.facility_id,
        contracts.account_id,
        territories.territory_id,
        facilities.system_id,
        contracts.supplier,
        contracts.relation,
        contracts.procedure_family,
        contracts.starts_on,
        contracts.ends_on,
        case when contracts.is_running then {{ days_between(as_of(), 'contracts.ends_on') }} end as days_to_end,
        contracts.is_running
    from contracts
    left join accounts
        on contracts.account_id = accounts.account_id
    left join facilities
        on contracts.facility_id = facilities.facility_id
    left join territories
        on coalesce(facilities.zip5, accounts.zip5) = territories.zip5

)

select * from final
order by contract_id

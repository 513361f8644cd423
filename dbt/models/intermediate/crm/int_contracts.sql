with

contracts as (

    select * from {{ ref('stg_salesforce__contracts') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

names as (

    select * from {{ ref('int_supplier_names') }}

),

-- The export does not say when a contract was signed: until its first day nobody is told of it.
final as (

    select
        contracts.contract_id,
        contracts.account_id,
        accounts.facility_id,
        coalesce(names.supplier, contracts.supplier) as supplier,
        coalesce(names.relation = 'own', false) as is_own,
        -- Whoever supplies and is not listed is not us.
        coalesce(names.relation, case when contracts.supplier is not null then 'competitor' else 'unknown' end) as relation,
        contracts.starts_on,
        contracts.ends_on,
        contracts.procedure_family,
        contracts.starts_on as known_on
    from contracts
    inner join accounts
        on contracts.account_id = accounts.account_id
    left join names
        on {{ normal_name('contracts.supplier') }} = names.name_key
    where
        (contracts.starts_on <= {{ as_of() }} or contracts.starts_on is null)
        and coalesce(contracts.status, '') not in ('draft', 'in approval process', 'cancelled', 'canceled', 'terminated')

)

select * from final
order by contract_id

with

contracts as (

    select * from {{ ref('stg_salesforce__contracts') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

manufacturers as (

    select * from {{ ref('stg_company__manufacturers') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

own_names as (

    select
        company_name,
        {{ one_row_each(arrays_joined(array_of('company_name', "'own'"), 'own_manufacturers')) }} as own_name
    from settings

),

-- Every spelling under which the company or a manufacturer is known.
spellings as (

    select
        {{ normal_name('own_name') }} as name_key,
        company_name as supplier,
        true as is_own
    from own_names

    union all

    select
        {{ normal_name('manufacturer') }} as name_key,
        manufacturer as supplier,
        relation = 'own' as is_own
    from manufacturers

    union all

    select
        {{ normal_name('open_payments_name') }} as name_key,
        manufacturer as supplier,
        relation = 'own' as is_own
    from manufacturers

),

known as (

    select
        name_key,
        min(supplier) as supplier,
        bool_or(is_own) as is_own
    from spellings
    where name_key is not null
    group by name_key

),

final as (

    select
        contracts.contract_id,
        contracts.account_id,
        accounts.facility_id,
        coalesce(known.supplier, contracts.supplier) as supplier,
        coalesce(known.is_own, false) as is_own,
        contracts.starts_on,
        contracts.ends_on,
        contracts.procedure_family,
        contracts.starts_on as known_on
    from contracts
    inner join accounts
        on contracts.account_id = accounts.account_id
    left join known
        on {{ normal_name('contracts.supplier') }} = known.name_key
    where
        (contracts.starts_on <= {{ as_of() }} or contracts.starts_on is null)
        and coalesce(contracts.status, '') not in ('draft', 'in approval process', 'cancelled', 'canceled', 'terminated')

)

select * from final
order by contract_id

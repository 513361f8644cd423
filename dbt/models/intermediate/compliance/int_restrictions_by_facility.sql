with

restrictions as (

    select * from {{ ref('stg_company__restrictions') }}
    where
        npi is null
        and (effective_from <= {{ as_of() }} or effective_from is null)
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
        facility_id as named_facility_id,
        facility_id,
        restriction_list,
        effective_from
    from restrictions

    union all

    select
        restrictions.facility_id as named_facility_id,
        facility_npis.facility_id,
        restrictions.restriction_list,
        restrictions.effective_from
    from restrictions
    inner join facility_npis
        on restrictions.facility_id = facility_npis.npi

),

-- A facility that nobody is known to work at stands alone: what it names keeps nobody off.
final as (

    select
        closed.named_facility_id,
        closed.restriction_list,
        closed.effective_from,
        affiliations.npi
    from closed
    left join affiliations
        on closed.facility_id = affiliations.facility_id

)

select * from final

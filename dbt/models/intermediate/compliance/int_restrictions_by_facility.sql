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

at_closed as (

    select * from sites
    where site_id in (select closed.facility_id from closed)

),

registered as (

    select distinct npi from sites
    where is_registered and npi in (select at_closed.npi from at_closed)

),

-- Of whom the registry tells no place, the account says under which the CRM keeps them.
affiliations as (

    select
        at_closed.npi,
        at_closed.site_id as facility_id
    from at_closed
    left join registered
        on at_closed.npi = registered.npi
    where at_closed.is_registered or registered.npi is null

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

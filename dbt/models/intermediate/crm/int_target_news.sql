with

affiliations as (

    select * from {{ ref('int_provider_affiliation_summary') }}
    where affiliation_changed_on is not null

),

contracts as (

    select
        *,
        coalesce(facility_id, account_id) as site_id
    from {{ ref('int_contracts') }}
    where relation = 'competitor' and ends_on < {{ as_of() }}

),

sites as (

    select * from {{ ref('int_provider_sites') }}

),

final as (

    select
        npi,
        'changed facilities on ' || cast(affiliation_changed_on as string) as what,
        affiliation_changed_on as happened_on
    from affiliations

    union

    select
        sites.npi,
        'the contract of the facility with ' || contracts.supplier || ' ended on ' || cast(contracts.ends_on as string)
            as what,
        contracts.ends_on as happened_on
    from contracts
    inner join sites
        on contracts.site_id = sites.site_id and contracts.ends_on between sites.valid_from and sites.valid_to

)

select * from final

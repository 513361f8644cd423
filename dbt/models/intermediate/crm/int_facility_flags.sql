with

expiring as (

    select * from {{ ref('int_contracts_expiring_uncalled') }}

),

-- Who works there today: by the affiliations of a facility, by the CRM's contacts at an account that is none.
workers as (

    select
        affiliations.facility_id as place_id,
        affiliations.npi
    from {{ ref('int_provider_affiliations_dated') }} as affiliations
    semi join expiring
        on affiliations.facility_id = expiring.place_id
    where
        (affiliations.valid_from <= {{ as_of() }} or affiliations.valid_from is null)
        and (affiliations.valid_to >= {{ as_of() }} or affiliations.valid_to is null)

    union

    select
        contacts.account_id as place_id,
        contacts.npi
    from {{ ref('int_contacts_linked') }} as contacts
    inner join expiring
        on contacts.account_id = expiring.place_id
    where not expiring.is_facility and contacts.npi is not null

),

at_stake as (

    select
        place_id,
        {{ sorted_set('npi') }} as npis
    from workers
    group by place_id

),

facilities as (

    select * from {{ ref('int_facilities_registered') }}

),

zips as (

    select * from {{ ref('int_zip_primary_territories') }}

),

final as (

    select
        'contract_expiring_uncalled' as kind,
        case when expiring.is_facility then 'facility' else 'crm_record' end as subject_type,
        expiring.place_id as subject_id,
        zips.territory_id,
        coalesce(at_stake.npis, {{ array_of() }}) as npis,
        cast(1 as double) as money_share,
        {{ json_object_of({
            'contract_id': 'expiring.contract_id',
            'supplier': 'expiring.supplier',
            'is_own': 'expiring.is_own',
            'ends_on': 'expiring.ends_on',
            'last_called_on': 'expiring.last_called_on',
        }) }} as evidence,
        'The contract with ' || coalesce(expiring.supplier, 'an unnamed supplier') || ' ends on ' || expiring.ends_on || ', '
        || case {{ days_between(as_of(), 'expiring.ends_on') }}
            when 0 then 'today'
            when 1 then 'tomorrow'
            else 'in ' || {{ days_between(as_of(), 'expiring.ends_on') }} || ' days'
        end
        || ', and '
        || coalesce('the last kept call was on ' || expiring.last_called_on, 'there was never a kept call') || '.' as why
    from expiring
    left join facilities
        on expiring.place_id = facilities.facility_id
    left join zips
        on coalesce(facilities.zip5, expiring.zip5) = zips.zip5
    left join at_stake
        on expiring.place_id = at_stake.place_id

)

select * from final
order by kind, subject_type, subject_id

with

nppes as (

    select * from {{ ref('int_nppes_known') }}

),

clinicians as (

    select * from {{ ref('int_clinicians_known') }}

),

public_providers as (

    select * from {{ ref('int_public_providers_known') }}

),

claim_providers as (

    select * from {{ ref('int_claim_providers_known') }}

),

paid_providers as (

    select * from {{ ref('int_paid_providers_known') }}

),

taxonomies as (

    select * from {{ ref('int_specialties_by_taxonomy') }}

),

everyone as (

    select npi from nppes
    union
    select npi from clinicians
    union
    select npi from public_providers
    union
    select npi from claim_providers
    union
    select npi from paid_providers

),

-- The registry knows best who somebody is; then who bills Medicare, then what is published about claims and payments.
described as (

    select
        everyone.npi,
        coalesce(nppes.first_name, clinicians.first_name, public_providers.first_name, paid_providers.first_name) as first_name,
        coalesce(nppes.last_name, clinicians.last_name, public_providers.last_name, paid_providers.last_name) as last_name,
        nppes.other_last_name,
        coalesce(nppes.credential, clinicians.credential, public_providers.credential) as credential,
        coalesce(
            {{ title_case('clinicians.specialty') }},
            {{ title_case('public_providers.specialty') }},
            {{ title_case('taxonomies.specialty') }},
            {{ title_case("coalesce(nullif(split_part(paid_providers.specialty, '|', 2), ''), paid_providers.specialty)") }}
        ) as specialty,
        nppes.taxonomy_code,
        -- An address is taken whole from one source.
        case
            when nppes.zip5 is not null then {{ array_of('nppes.city', 'nppes.state', 'nppes.zip5') }}
            when clinicians.zip5 is not null then {{ array_of('clinicians.city', 'clinicians.state', 'clinicians.zip5') }}
            when public_providers.zip5 is not null
                then {{ array_of('public_providers.city', 'public_providers.state', 'public_providers.zip5') }}
            else {{ array_of('paid_providers.city', 'paid_providers.state', 'paid_providers.zip5') }}
        end as place,
        nppes.enumerated_on,
        nppes.inactive_since_on,
        -- An NPI of type 2 is an organisation, whatever else is said of it; a blank record is nobody yet.
        case
            when nppes.entity_type_code is not null then nppes.entity_type_code = '1'
            when clinicians.npi is not null or paid_providers.npi is not null then true
            when public_providers.npi is not null then coalesce(public_providers.entity_code, 'I') <> 'O'
            else claim_providers.npi is not null
        end as is_individual
    from everyone
    left join nppes
        on everyone.npi = nppes.npi
    left join clinicians
        on everyone.npi = clinicians.npi
    left join public_providers
        on everyone.npi = public_providers.npi
    left join claim_providers
        on everyone.npi = claim_providers.npi
    left join paid_providers
        on everyone.npi = paid_providers.npi
    left join taxonomies
        on nppes.taxonomy_code = taxonomies.taxonomy_code

),

final as (

    select
        npi,
        first_name,
        last_name,
        other_last_name,
        credential,
        specialty,
        taxonomy_code,
        {{ element('place', 1) }} as city,
        {{ element('place', 2) }} as state,
        {{ element('place', 3) }} as zip5,
        enumerated_on,
        inactive_since_on,
        inactive_since_on is null as is_active,
        is_individual
    from described
    where
        is_individual
        and npi is not null
        -- An NPI that was not given out by then was nobody's, whatever undated lists say.
        and (enumerated_on is null or enumerated_on <= {{ as_of() }})

)

select * from final
order by npi

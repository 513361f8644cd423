with

-- Who is told of tonight.
intervals as (

    select *
    from {{ ref('int_provider_intervals') }}
    where
        superseded_on > {{ as_of() }}
        -- An NPI that was not given out by then was nobody's, whatever undated lists say.
        and (enumerated_on is null or enumerated_on <= {{ as_of() }})

),

nppes as (

    select * from {{ ref('int_nppes_known') }}

),

clinicians as (

    select * from {{ ref('int_clinicians_known') }}

),

public_providers as (

    select * from {{ ref('int_public_providers_known') }}

),

paid_providers as (

    select * from {{ ref('int_paid_providers_known') }}

),

final as (

    select
        intervals.npi,
        coalesce(nppes.first_name, clinicians.first_name, public_providers.first_name, paid_providers.first_name) as first_name,
        coalesce(nppes.last_name, clinicians.last_name, public_providers.last_name, paid_providers.last_name) as last_name,
        nppes.other_last_name,
        coalesce(nppes.credential, clinicians.credential, public_providers.credential) as credential,
        intervals.specialty,
        nppes.taxonomy_code,
        intervals.city,
        intervals.state,
        intervals.zip5,
        intervals.enumerated_on,
        nppes.inactive_since_on,
        nppes.inactive_since_on is null as is_active,
        true as is_individual
    from intervals
    left join nppes
        on intervals.npi = nppes.npi
    left join clinicians
        on intervals.npi = clinicians.npi
    left join public_providers
        on intervals.npi = public_providers.npi
    left join paid_providers
        on intervals.npi = paid_providers.npi

)

select * from final

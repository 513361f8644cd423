with

-- Whom a later copy shows to be no person is left out of past months too, like their services.
providers as (

    select intervals.*
    from {{ ref('int_provider_intervals') }} as intervals
    semi join {{ ref('int_providers_registered') }} as registered
        on intervals.npi = registered.npi

),

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus and has_procedure_codes

),

starts as (

    select family_starts.*
    from {{ ref('int_family_starts') }} as family_starts
    inner join families
        on family_starts.procedure_family = families.procedure_family

),

-- A specialty holds a family from the day on which one of those who then have it is known to perform it.
specialties as (

    select
        providers.specialty,
        starts.procedure_family,
        min(greatest(starts.known_from, providers.known_on)) as known_from
    from starts
    inner join providers
        on starts.npi = providers.npi and starts.known_from < providers.superseded_on
    where providers.specialty is not null
    group by providers.specialty, starts.procedure_family

),

final as (

    select
        providers.npi,
        families.procedure_family,
        providers.known_on,
        providers.superseded_on,
        providers.specialty,
        providers.state,
        providers.zip5,
        providers.enumerated_on,
        providers.inactive_from,
        providers.inactive_until,
        starts.claims_known_from,
        starts.claims_old_from,
        starts.public_known_from,
        least(starts.known_from, specialties.known_from) as candidate_from
    from providers
    cross join families
    left join starts
        on providers.npi = starts.npi and families.procedure_family = starts.procedure_family
    left join specialties
        on providers.specialty = specialties.specialty and families.procedure_family = specialties.procedure_family
    where least(starts.known_from, specialties.known_from) < providers.superseded_on

)

select * from final

{%- set sources = {
    'nppes': 'int_nppes_intervals', 'clinicians': 'int_clinician_intervals',
    'public_providers': 'int_public_provider_intervals', 'paid_providers': 'int_paid_provider_intervals'
} -%}
with

{% for name, model in sources.items() %}
    {{ name }} as (

        select * from {{ ref(model) }}
        where known_on <= {{ as_of() }}

    ),

{% endfor %}
claim_providers as (

    select * from {{ ref('int_claim_providers_known') }}

),

taxonomies as (

    select * from {{ ref('int_specialties_by_taxonomy') }}

),

-- Where the registry places somebody and the clinicians' file tells the trade, both since ever and for good, nothing else matters.
settled as (

    select nppes.npi
    from nppes
    inner join clinicians
        on nppes.npi = clinicians.npi
    where
        nppes.entity_type_code is not null
        and nppes.zip5 is not null
        and clinicians.specialty is not null
        {% for name in ['nppes', 'clinicians'] -%}
            and {{ name }}.known_on = {{ since_ever() }}
            and {{ name }}.superseded_on = {{ for_ever() }}
        {% endfor %}

),

others as (

    select
        npi,
        known_on
    from public_providers
    union all
    select
        npi,
        known_on
    from paid_providers
    union all
    select
        npi,
        superseded_on as known_on
    from paid_providers
    where superseded_on <= {{ as_of() }}
    union all
    select
        npi,
        known_on
    from claim_providers

),

-- On these days anything that is told of a provider may change.
days as (

    select
        npi,
        known_on
    from nppes
    union
    select
        npi,
        known_on
    from clinicians
    union
    select
        npi,
        known_on
    from others
    where npi not in (select settled.npi from settled)

),

-- The registry knows best who somebody is; then who bills Medicare, then what is published about claims and payments.
told as (

    select
        days.npi,
        days.known_on,
        coalesce(
            clinicians.specialty,
            public_providers.specialty,
            taxonomies.specialty,
            nullif(split_part(paid_providers.specialty, '|', 2), ''),
            paid_providers.specialty
        ) as specialty_told,
        -- An address is taken whole from one source.
        {% for part in ['city', 'state', 'zip5'] -%}
            case
                when nppes.zip5 is not null then nppes.{{ part }}
                when clinicians.zip5 is not null then clinicians.{{ part }}
                when public_providers.zip5 is not null then public_providers.{{ part }}
                else paid_providers.{{ part }}
            end as {{ part }},
        {% endfor -%}
        nppes.enumerated_on,
        nppes.inactive_from,
        nppes.inactive_until,
        -- An NPI of type 2 is an organisation, whatever else is said of it; a blank record is nobody yet.
        case
            when nppes.entity_type_code is not null then nppes.entity_type_code = '1'
            when clinicians.npi is not null or paid_providers.npi is not null then true
            when public_providers.npi is not null then coalesce(public_providers.entity_code, 'I') <> 'O'
            else claim_providers.npi is not null
        end as is_individual
    from days
    {% for name in sources -%}
        left join {{ name }}
            on
                days.npi = {{ name }}.npi
                and days.known_on >= {{ name }}.known_on
                and days.known_on < {{ name }}.superseded_on
    {% endfor -%}
    left join claim_providers
        on days.npi = claim_providers.npi and days.known_on >= claim_providers.known_on
    left join taxonomies
        on nppes.taxonomy_code = taxonomies.taxonomy_code

),

-- Each wording is read once, however many bear it.
specialties as (

    select
        specialty_told,
        {{ title_case('specialty_told') }} as specialty
    from (select distinct specialty_told from told) as different_specialties

),

placed as (

    select
        told.{{ star_without('specialty_told') }},
        specialties.specialty
    from told
    left join specialties
        on told.specialty_told = specialties.specialty_told

),

intervals as (

    {{ intervals_of('placed', [
        'specialty', 'city', 'state', 'zip5', 'enumerated_on', 'inactive_from', 'inactive_until', 'is_individual'
    ]) }}

),

final as (

    select {{ star_without('is_individual') }}
    from intervals
    where is_individual

)

select * from final

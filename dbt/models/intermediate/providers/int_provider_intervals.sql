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

-- On these days anything that is told of a provider may change.
days as (

    {% for name in sources -%}
        select
            npi,
            known_on
        from {{ name }}
        union
    {% endfor -%}
    select
        npi,
        superseded_on as known_on
    from paid_providers
    where superseded_on <= {{ as_of() }}
    union
    select
        npi,
        known_on
    from claim_providers

),

-- The registry knows best who somebody is; then who bills Medicare, then what is published about claims and payments.
told as (

    select
        days.npi,
        days.known_on,
        coalesce(
            {{ title_case('clinicians.specialty') }},
            {{ title_case('public_providers.specialty') }},
            {{ title_case('taxonomies.specialty') }},
            {{ title_case("coalesce(nullif(split_part(paid_providers.specialty, '|', 2), ''), paid_providers.specialty)") }}
        ) as specialty,
        -- An address is taken whole from one source.
        case
            when nppes.zip5 is not null then {{ array_of('nppes.city', 'nppes.state', 'nppes.zip5') }}
            when clinicians.zip5 is not null then {{ array_of('clinicians.city', 'clinicians.state', 'clinicians.zip5') }}
            when public_providers.zip5 is not null
                then {{ array_of('public_providers.city', 'public_providers.state', 'public_providers.zip5') }}
            else {{ array_of('paid_providers.city', 'paid_providers.state', 'paid_providers.zip5') }}
        end as place,
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

placed as (

    select
        {{ star_without('place') }},
        {{ element('place', 1) }} as city,
        {{ element('place', 2) }} as state,
        {{ element('place', 3) }} as zip5
    from told

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

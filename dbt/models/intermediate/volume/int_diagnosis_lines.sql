with

hcpcs_codes as (

    select distinct code
    from {{ ref('int_family_codes') }}
    where code_system = 'HCPCS'

),

candidates as (

    select * from {{ ref('int_candidate_npis') }}

),

listed_families as (

    select count(distinct procedure_family) as families
    from {{ ref('int_family_codes') }}
    where code_system = 'ICD-10-CM'

),

-- A line that only its DRG lists tells nothing here.
lines as (

    select
        rendering_npi as npi,
        service_month,
        known_on,
        superseded_on,
        diagnosis_families,
        count(*) as lines
    from {{ ref('int_claim_lines_dated') }}
    where
        is_professional
        and not is_assistant
        and rendering_npi in (select candidates.npi from candidates)
        and ({{ array_length('diagnosis_families') }} > 0 or hcpcs_code in (select hcpcs_codes.code from hcpcs_codes))
    group by rendering_npi, service_month, known_on, superseded_on, diagnosis_families

),

-- A line with several codes of a family is one line of it.
of_families as (

    select
        npi,
        {{ one_row_each('diagnosis_families') }} as diagnosis_family,
        service_month,
        known_on,
        superseded_on,
        lines
    from lines

),

of_any_family as (

    select
        npi,
        'any listed diagnosis' as diagnosis_family,
        service_month,
        known_on,
        superseded_on,
        lines
    from lines
    where
        {{ array_length('diagnosis_families') }} > 0
        -- Of a single family it would say nothing new.
        and (select listed_families.families from listed_families) > 1

),

of_all as (

    select
        npi,
        cast(null as string) as diagnosis_family,
        service_month,
        known_on,
        superseded_on,
        lines
    from lines

),

counted as (

    select * from of_families
    union all
    select * from of_any_family
    union all
    select * from of_all

),

final as (

    select
        npi,
        diagnosis_family,
        service_month,
        known_on,
        superseded_on,
        cast(sum(lines) as bigint) as lines
    from counted
    group by npi, diagnosis_family, service_month, known_on, superseded_on

)

select * from final

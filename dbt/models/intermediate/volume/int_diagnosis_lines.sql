with

lines as (

    select * from {{ ref('int_claim_lines_dated') }}
    where claim_type = 'professional' and not is_assistant

),

diagnosis_codes as (

    select * from {{ ref('int_diagnosis_codes_matched') }}

),

hcpcs_codes as (

    select distinct code
    from {{ ref('int_family_codes') }}
    where code_system = 'HCPCS'

),

candidates as (

    select distinct npi from {{ ref('int_provider_family_candidates') }}

),

diagnoses_of_lines as (

    select
        data_source,
        claim_id,
        claim_line_number,
        rendering_npi,
        service_month,
        known_on,
        superseded_on,
        {{ one_row_each('diagnosis_codes') }} as diagnosis_code
    from lines
    where rendering_npi in (select candidates.npi from candidates)

),

-- A line with several codes of a family is one line of it.
families_of_lines as (

    select distinct
        diagnoses_of_lines.data_source,
        diagnoses_of_lines.claim_id,
        diagnoses_of_lines.claim_line_number,
        diagnoses_of_lines.rendering_npi,
        diagnoses_of_lines.service_month,
        diagnoses_of_lines.known_on,
        diagnoses_of_lines.superseded_on,
        diagnosis_codes.diagnosis_family
    from diagnoses_of_lines
    inner join diagnosis_codes
        on diagnoses_of_lines.diagnosis_code = diagnosis_codes.diagnosis_code

),

listed_families as (

    select count(distinct procedure_family) as families
    from {{ ref('int_family_codes') }}
    where code_system = 'ICD-10-CM'

),

diagnosed_lines as (

    select distinct
        families_of_lines.data_source,
        families_of_lines.claim_id,
        families_of_lines.claim_line_number,
        families_of_lines.rendering_npi,
        families_of_lines.service_month,
        families_of_lines.known_on,
        families_of_lines.superseded_on
    from families_of_lines

),

-- A version without any listed code is among the lines only because another version of it has one, which may come later.
listed_lines as (

    select * from diagnosed_lines

    union

    select
        data_source,
        claim_id,
        claim_line_number,
        rendering_npi,
        service_month,
        known_on,
        superseded_on
    from lines
    where
        rendering_npi in (select candidates.npi from candidates)
        and hcpcs_code in (select hcpcs_codes.code from hcpcs_codes)

),

final as (

    select
        rendering_npi as npi,
        diagnosis_family,
        service_month,
        known_on,
        superseded_on,
        count(*) as lines
    from families_of_lines
    group by rendering_npi, diagnosis_family, service_month, known_on, superseded_on

    union all

    select
        rendering_npi as npi,
        'any listed diagnosis' as diagnosis_family,
        service_month,
        known_on,
        superseded_on,
        count(*) as lines
    from diagnosed_lines
    -- Of a single family it would say nothing new.
    where (select listed_families.families from listed_families) > 1
    group by rendering_npi, service_month, known_on, superseded_on

    union all

    select
        rendering_npi as npi,
        cast(null as string) as diagnosis_family,
        service_month,
        known_on,
        superseded_on,
        count(*) as lines
    from listed_lines
    group by rendering_npi, service_month, known_on, superseded_on

)

select * from final

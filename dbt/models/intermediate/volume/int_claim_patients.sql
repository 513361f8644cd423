with

lines as (

    select * from {{ ref('int_claim_lines_dated') }}
    where superseded_on > {{ as_of() }} and claim_type = 'professional' and not is_assistant

),

procedure_codes as (

    select * from {{ ref('int_family_codes') }}
    where code_system = 'HCPCS'

),

diagnosis_codes as (

    select * from {{ ref('int_diagnosis_codes_matched') }}

),

providers as (

    select npi from {{ ref('int_providers_registered') }}

),

patients_of_procedures as (

    select distinct
        lines.rendering_npi as npi,
        'procedure' as family_kind,
        procedure_codes.procedure_family as family,
        lines.service_month,
        lines.person_key
    from lines
    inner join procedure_codes
        on lines.hcpcs_code = procedure_codes.code

),

diagnoses_of_lines as (

    select
        rendering_npi,
        service_month,
        person_key,
        {{ one_row_each('diagnosis_codes') }} as diagnosis_code
    from lines

),

patients_of_diagnoses as (

    select distinct
        diagnoses_of_lines.rendering_npi as npi,
        'diagnosis' as family_kind,
        diagnosis_codes.diagnosis_family as family,
        diagnoses_of_lines.service_month,
        diagnoses_of_lines.person_key
    from diagnoses_of_lines
    inner join diagnosis_codes
        on diagnoses_of_lines.diagnosis_code = diagnosis_codes.diagnosis_code

),

final as (

    select * from patients_of_procedures
    union all
    select * from patients_of_diagnoses

)

select final.*
from final
inner join providers
    on final.npi = providers.npi

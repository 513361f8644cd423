{%- set is_counted = "is_professional and not is_assistant and person_hash is not null" -%}
with

procedure_codes as (

    select * from {{ ref('int_family_codes') }}
    where code_system = 'HCPCS'

),

families as (

    select * from {{ ref('int_families_numbered') }}

),

closed as (

    select * from {{ ref('int_periods_closed') }}

),

lines_of_procedures as (

    select
        lines.rendering_npi,
        families.family_number,
        lines.service_month,
        lines.person_hash,
        lines.known_on,
        lines.superseded_on
    from {{ ref('int_claim_lines_dated') }} as lines
    inner join procedure_codes
        on lines.hcpcs_code = procedure_codes.code
    inner join families
        on families.family_kind = 'procedure' and procedure_codes.procedure_family = families.family
    where {{ is_counted }}

),

diagnosed as (

    select
        rendering_npi,
        {{ one_row_each('diagnosis_families') }} as family,
        service_month,
        person_hash,
        known_on,
        superseded_on
    from {{ ref('int_claim_lines_dated') }}
    where {{ is_counted }}

),

lines_of_diagnoses as (

    select
        diagnosed.rendering_npi,
        families.family_number,
        diagnosed.service_month,
        diagnosed.person_hash,
        diagnosed.known_on,
        diagnosed.superseded_on
    from diagnosed
    inner join families
        on families.family_kind = 'diagnosis' and diagnosed.family = families.family

),

lines_of_families as (

    select * from lines_of_procedures
    union all
    select * from lines_of_diagnoses

),

-- Whoever was a patient by any version of a line, and on which of the days that matter: at the close, and now.
patients as (

    select
        lines_of_families.rendering_npi as npi,
        lines_of_families.family_number,
        lines_of_families.service_month,
        lines_of_families.person_hash,
        min(lines_of_families.known_on) as first_known_on,
        bool_or(lines_of_families.superseded_on = {{ for_ever() }}) as is_patient,
        bool_or(
            lines_of_families.known_on <= closed.month_closes_on
            and lines_of_families.superseded_on > closed.month_closes_on
        ) as was_at_month_close,
        bool_or(
            lines_of_families.known_on <= closed.year_closes_on
            and lines_of_families.superseded_on > closed.year_closes_on
        ) as was_at_year_close
    from lines_of_families
    inner join closed
        on lines_of_families.service_month = closed.service_month
    group by
        lines_of_families.rendering_npi, lines_of_families.family_number, lines_of_families.service_month,
        lines_of_families.person_hash

),

-- Asked of patients, who are fewer than lines.
final as (

    select patients.*
    from patients
    semi join {{ ref('int_providers_in_registers') }} as providers
        on patients.npi = providers.npi

)

select * from final

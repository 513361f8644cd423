with

-- The lines of a claim bear the same diagnoses, and many claims do: there are far fewer combinations than lines.
combinations as (

    select distinct diagnosis_codes
    from {{ ref('stg_claims__medical_claim') }}

),

codes as (

    select * from {{ ref('int_family_codes') }}
    where code_system = 'ICD-10-CM'

),

diagnoses as (

    select
        diagnosis_codes,
        {{ one_row_each("split(diagnosis_codes, ' ')") }} as diagnosis_code
    from combinations

),

codes_seen as (

    select distinct diagnosis_code from diagnoses

),

-- A listed code is itself or the beginning of a longer one.
matched as (

    select
        codes_seen.diagnosis_code,
        codes.procedure_family as diagnosis_family
    from codes_seen
    inner join codes
        on {{ begins_with('codes_seen.diagnosis_code', 'codes.code') }}

),

final as (

    select
        diagnoses.diagnosis_codes,
        {{ sorted_set('matched.diagnosis_family') }} as diagnosis_families
    from diagnoses
    inner join matched
        on diagnoses.diagnosis_code = matched.diagnosis_code
    group by diagnoses.diagnosis_codes

)

select * from final

with

codes_seen as (

    select distinct {{ one_row_each('diagnosis_codes') }} as diagnosis_code
    from {{ ref('stg_claims__medical_claim') }}

),

codes as (

    select * from {{ ref('int_family_codes') }}
    where code_system = 'ICD-10-CM'

),

-- A listed code is itself or the beginning of a longer one.
final as (

    select distinct
        codes_seen.diagnosis_code,
        codes.procedure_family as diagnosis_family
    from codes_seen
    inner join codes
        on {{ begins_with('codes_seen.diagnosis_code', 'codes.code') }}

)

select * from final

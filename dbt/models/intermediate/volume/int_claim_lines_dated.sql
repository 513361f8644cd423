with

lines as (

    select * from {{ ref('stg_claims__medical_claim') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

days_known as (

    select * from {{ ref('int_claim_days_known') }}

),

hcpcs_codes as (

    select distinct code
    from {{ ref('int_family_codes') }}
    where code_system = 'HCPCS'

),

drg_codes as (

    select distinct code
    from {{ ref('int_family_codes') }}
    where code_system = 'MS-DRG'

),

diagnosis_codes as (

    select * from {{ ref('int_diagnosis_codes_matched') }}

),

diagnoses as (

    select
        data_source,
        claim_id,
        claim_line_number,
        {{ one_row_each('diagnosis_codes') }} as diagnosis_code
    from lines

),

-- Every version of a line counts here once any version of it bears a code of a family: a restatement may take the code away.
keys as (

    select
        data_source,
        claim_id,
        claim_line_number
    from lines
    where
        hcpcs_code in (select hcpcs_codes.code from hcpcs_codes)
        or ms_drg_code in (select drg_codes.code from drg_codes)

    union

    select
        data_source,
        claim_id,
        claim_line_number
    from diagnoses
    where diagnosis_code in (select diagnosis_codes.diagnosis_code from diagnosis_codes)

),

dated as (

    select
        lines.*,
        coalesce(
            lines.filed_on,
            cast(lines.service_on + cast(settings.lag_days_claim_lines as integer) as date)
        ) as known_on
    from lines
    cross join settings
    inner join keys
        on
            lines.data_source is not distinct from keys.data_source
            and lines.claim_id = keys.claim_id
            and lines.claim_line_number is not distinct from keys.claim_line_number

),

visible as (

    select dated.*
    from dated
    inner join days_known
        on dated.known_on <= days_known.last_known_on and dated.service_on <= days_known.last_service_on

),

-- A later file date replaces the earlier version of the line from the day on which it is known.
versions as (

    select
        *,
        min(known_on) over line_versions as first_known_on,
        coalesce(lead(known_on) over line_versions, {{ for_ever() }}) as superseded_on
    from visible
    window line_versions as (
        partition by data_source, claim_id, claim_line_number
        order by known_on, file_path, file_row
    )

),

final as (

    select
        data_source,
        claim_id,
        claim_line_number,
        claim_type,
        rendering_npi,
        facility_npi,
        person_key,
        hcpcs_code,
        ms_drg_code,
        diagnosis_codes,
        quantity,
        coalesce(hcpcs_modifier_1 in ('80', '81', '82', 'AS'), false) as is_assistant,
        service_on,
        {{ month_start('service_on') }} as service_month,
        known_on,
        superseded_on,
        first_known_on
    from versions
    -- A void or reversed line replaces what it restates and counts for nothing.
    where superseded_on > known_on and not is_reversal

)

select * from final

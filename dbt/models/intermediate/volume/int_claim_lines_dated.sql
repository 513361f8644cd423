{%- set is_listed -%}
    (
        lines.hcpcs_code in (select hcpcs_codes.code from hcpcs_codes)
        or lines.ms_drg_code in (select drg_codes.code from drg_codes)
        or diagnoses.diagnosis_families is not null
    )
{%- endset -%}
with

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

-- Few lines are delivered more than once. Their number tells which may be, at a tenth of what comparing all would cost.
repeated as (

    select line_hash
    from {{ ref('int_claim_lines_known') }}
    group by line_hash
    having count(*) > 1

),

listed_lines as (

    select
        lines.*,
        diagnoses.diagnosis_families
    from {{ ref('int_claim_lines_known') }} as lines
    left join {{ ref('int_diagnoses_matched') }} as diagnoses
        on lines.diagnosis_codes = diagnoses.diagnosis_codes
    where {{ is_listed }}

),

delivered_once as (

    select
        lines.*,
        lines.known_on as first_known_on,
        {{ for_ever() }} as superseded_on
    from listed_lines as lines
    -- An anti join would hold the many lines, which DuckDB takes for few.
    where lines.line_hash not in (select repeated.line_hash from repeated)

),

delivered_again as (

    select lines.*
    from {{ ref('int_claim_lines_known') }} as lines
    semi join repeated
        on lines.line_hash = repeated.line_hash

),

-- Every version of a line counts here once any version of it bears a code of a family: a restatement may take the code away.
listed as (

    select distinct
        lines.data_source,
        lines.claim_id,
        lines.claim_line_number
    from delivered_again as lines
    left join {{ ref('int_diagnoses_matched') }} as diagnoses
        on lines.diagnosis_codes = diagnoses.diagnosis_codes
    where {{ is_listed }}

),

-- A later file date replaces the earlier version of the line from the day on which it is known.
versions as (

    select
        lines.*,
        diagnoses.diagnosis_families,
        min(lines.known_on) over line_versions as first_known_on,
        coalesce(lead(lines.known_on) over line_versions, {{ for_ever() }}) as superseded_on
    from delivered_again as lines
    inner join listed
        on
            lines.data_source is not distinct from listed.data_source
            and lines.claim_id = listed.claim_id
            and lines.claim_line_number is not distinct from listed.claim_line_number
    inner join days_known
        on lines.known_on <= days_known.last_known_on and lines.service_on <= days_known.last_service_on
    left join {{ ref('int_diagnoses_matched') }} as diagnoses
        on lines.diagnosis_codes = diagnoses.diagnosis_codes
    window line_versions as (
        partition by lines.data_source, lines.claim_id, lines.claim_line_number
        order by lines.known_on, lines.file_path, lines.file_row
    )

),

either as (

    select * from delivered_once
    union all
    select * from versions

),

-- What is kept of millions of lines are numbers and the codes of families: other texts cost ten times as much to write.
final as (

    select
        either.data_source,
        either.claim_hash,
        either.claim_line_number,
        either.claim_type,
        either.rendering_npi,
        either.facility_npi,
        either.person_hash,
        hcpcs_codes.code as hcpcs_code,
        drg_codes.code as ms_drg_code,
        either.diagnosis_families,
        either.quantity,
        coalesce(either.hcpcs_modifier_1 in ('80', '81', '82', 'AS'), false) as is_assistant,
        {{ month_start('either.service_on') }} as service_month,
        either.known_on,
        either.superseded_on,
        either.first_known_on
    from either
    inner join days_known
        on either.known_on <= days_known.last_known_on and either.service_on <= days_known.last_service_on
    left join hcpcs_codes
        on either.hcpcs_code = hcpcs_codes.code
    left join drg_codes
        on either.ms_drg_code = drg_codes.code
    -- A void or reversed line replaces what it restates and counts for nothing.
    where either.superseded_on > either.known_on and not either.is_reversal and either.claim_id is not null

)

select * from final

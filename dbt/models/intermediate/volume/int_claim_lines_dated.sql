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

-- A later file date replaces the earlier version of the line from the day on which it is known, whatever codes either bears.
dated as (

    select
        lines.file_path,
        lines.file_row,
        lines.known_on,
        min(lines.known_on) over line_versions as first_known_on,
        coalesce(lead(lines.known_on) over line_versions, {{ for_ever() }}) as superseded_on
    from {{ ref('int_claim_lines_known') }} as lines
    semi join repeated
        on lines.line_hash = repeated.line_hash
    inner join days_known
        on lines.known_on <= days_known.last_known_on and lines.service_on <= days_known.last_service_on
    window line_versions as (
        partition by lines.data_source, lines.claim_id, lines.claim_line_number
        order by lines.known_on, lines.file_path, lines.file_row
    )

),

-- All others hold for ever, and from the day on which they are known.
versions as (

    select * from dated
    where first_known_on < known_on or superseded_on < {{ for_ever() }}

),

-- What is kept of millions of lines are numbers and the codes of families: other texts cost ten times as much to write.
listed as (

    select
        {{ hash_of('lines.data_source') }} as source_hash,
        lines.claim_hash,
        lines.claim_line_number,
        lines.claim_type = 'professional' as is_professional,
        lines.claim_type = 'institutional' as is_institutional,
        lines.rendering_npi,
        lines.facility_npi,
        lines.person_hash,
        hcpcs_codes.code as hcpcs_code,
        drg_codes.code as ms_drg_code,
        diagnoses.diagnosis_families,
        lines.quantity,
        coalesce(lines.hcpcs_modifier_1 in ('80', '81', '82', 'AS'), false) as is_assistant,
        {{ month_start('lines.service_on') }} as service_month,
        lines.known_on,
        -- A void or reversed line replaces what it restates and counts for nothing. Said here, not where lines are read: DuckDB takes
        -- lines that are chosen twice for fewer than the versions, and would hold them all.
        case
            when lines.is_reversal or lines.claim_id is null then lines.known_on
            else coalesce(versions.superseded_on, {{ for_ever() }})
        end as superseded_on,
        coalesce(versions.first_known_on, lines.known_on) as first_known_on
    from {{ ref('int_claim_lines_known') }} as lines
    inner join days_known
        on lines.known_on <= days_known.last_known_on and lines.service_on <= days_known.last_service_on
    left join {{ ref('int_diagnoses_matched') }} as diagnoses
        on lines.diagnosis_codes = diagnoses.diagnosis_codes
    left join hcpcs_codes
        on lines.hcpcs_code = hcpcs_codes.code
    left join drg_codes
        on lines.ms_drg_code = drg_codes.code
    left join versions
        on lines.file_row = versions.file_row and lines.file_path = versions.file_path
    where coalesce(hcpcs_codes.code, drg_codes.code) is not null or diagnoses.diagnosis_families is not null

),

final as (

    select * from listed
    where superseded_on > known_on

)

select * from final

with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

final as (

    select
        lines.data_source,
        lines.claim_id,
        lines.claim_line_number,
        lines.claim_type,
        lines.rendering_npi,
        lines.facility_npi,
        lines.ms_drg_code,
        lines.hcpcs_code,
        lines.hcpcs_modifier_1,
        lines.diagnosis_codes,
        lines.quantity,
        lines.is_reversal,
        lines.service_on,
        lines.filed_on,
        lines.file_path,
        lines.file_row,
        {{ hash_of('lines.data_source', 'lines.claim_id', 'lines.claim_line_number') }} as line_hash,
        {{ hash_of('lines.data_source', 'lines.claim_id') }} as claim_hash,
        case when lines.person_key is not null then {{ hash_of('lines.person_key') }} end as person_hash,
        coalesce(
            lines.filed_on,
            cast(lines.service_on + cast(settings.lag_days_claim_lines as integer) as date)
        ) as known_on
    from {{ ref('stg_claims__medical_claim') }} as lines
    cross join settings

)

select * from final

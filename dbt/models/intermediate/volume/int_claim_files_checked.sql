with

lines as (

    select * from {{ ref('stg_claims__medical_claim') }}

),

organisations as (

    select npi
    from {{ ref('int_nppes_known') }}
    where entity_type_code = '2'

),

final as (

    select
        lines.file_path,
        count(*) as lines,
        count(*) filter (where lines.is_reversal) as reversals,
        count(*) filter (where lines.claim_type = 'professional') as professional_lines,
        count(*) filter (where lines.claim_type = 'professional' and lines.rendering_npi is null) as without_rendering_npi,
        count(organisations.npi) filter (where lines.claim_type = 'professional') as of_organisations
    from lines
    left join organisations
        on lines.rendering_npi = organisations.npi
    group by lines.file_path

)

select * from final

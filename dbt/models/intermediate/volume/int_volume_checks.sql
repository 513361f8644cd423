with

lines as (

    select * from {{ ref('stg_claims__medical_claim') }}

),

months as (

    select * from {{ ref('int_provider_family_months') }}

),

counted as (

    select
        count(*) as rows_checked,
        count(*) filter (where is_reversal) as reversals,
        count(*) filter (where claim_type = 'professional' and rendering_npi is null) as without_rendering_npi
    from lines

),

estimated as (

    select
        count(*) as rows_checked,
        count(*) filter (where is_estimated) as found
    from months

),

final as (

    select
        'claims' as source,
        'void_or_reversed_lines' as check_name,
        reversals as found,
        'no service, no patient' as expected,
        rows_checked
    from counted

    union all

    select
        'claims' as source,
        'professional_lines_without_rendering_npi' as check_name,
        without_rendering_npi as found,
        'no provider volume' as expected,
        rows_checked
    from counted

    union all

    select
        'claims' as source,
        'estimated_provider_months' as check_name,
        found,
        'none in annual_volume' as expected,
        rows_checked
    from estimated

)

select * from final

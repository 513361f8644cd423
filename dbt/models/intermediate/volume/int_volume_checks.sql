with

files as (

    select * from {{ ref('int_claim_files_checked') }}

),

months as (

    select * from {{ ref('int_provider_family_months') }}

),

counted as (

    select
        cast(coalesce(sum(lines), 0) as bigint) as rows_checked,
        cast(coalesce(sum(reversals), 0) as bigint) as reversals,
        cast(coalesce(sum(without_rendering_npi), 0) as bigint) as without_rendering_npi
    from files

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

with

either as (

    select
        source,
        found,
        rows_checked
    from {{ ref('int_public_provider_checks') }}

    union all

    select
        'claims' as source,
        of_organisations as found,
        professional_lines as rows_checked
    from {{ ref('int_claim_files_checked') }}
    where professional_lines > 0

),

final as (

    select
        source,
        'organisation_npi_for_a_person' as check_name,
        cast(sum(found) as bigint) as found,
        'kept out of providers' as expected,
        cast(sum(rows_checked) as bigint) as rows_checked
    from either
    group by source

)

select * from final

-- What `providers` says of a year is what `provider_procedures` says of its months or its published year: no estimate, nothing twice.
{{ config(meta={'dagster': {'ref': {'name': 'providers'}}}) }}

with

providers as (

    select * from {{ ref('providers') }}

),

procedures as (

    select * from {{ ref('provider_procedures') }}
    where not is_estimated

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus

),

published as (

    select * from {{ ref('int_family_years_published') }}
    where is_current

),

coverage as (

    select * from {{ ref('int_provider_family_coverage') }}

),

summed as (

    select
        procedures.npi,
        sum(cast(procedures.services as decimal(18, 3))) as services
    from procedures
    cross join windows
    inner join families
        on procedures.procedure_family = families.procedure_family
    left join published
        on procedures.procedure_family = published.procedure_family
    left join coverage
        on
            procedures.npi = coverage.npi
            and procedures.procedure_family = coverage.procedure_family
    where
        (
            procedures.claims_source = 'claim_lines'
            and procedures.period_start between windows.window_start_month and windows.window_end_month
        )
        or (
            procedures.claims_source = 'cms_claims'
            and year(procedures.period_start) = published.published_year
            and coverage.first_claim_month is null
        )
    group by procedures.npi

),

-- Claim lines of the newest, incomplete months alone do not speak for a year yet.
just_covered as (

    select distinct coverage.npi
    from coverage
    inner join windows
        on coverage.first_claim_month > windows.window_end_month

),

final as (

    select
        providers.npi,
        providers.annual_volume,
        summed.services
    from providers
    left join summed
        on providers.npi = summed.npi
    anti join just_covered
        on providers.npi = just_covered.npi
    where abs(coalesce(providers.annual_volume, 0) - coalesce(cast(summed.services as double), 0)) > 0.0005

)

select * from final

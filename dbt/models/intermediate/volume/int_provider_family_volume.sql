with

claim_months as (

    select * from {{ ref('int_provider_claim_months') }}

),

coverage as (

    select * from {{ ref('int_provider_family_coverage') }}

),

years as (

    select * from {{ ref('int_provider_family_years') }}

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

published as (

    select * from {{ ref('int_family_years_current') }}

),

families as (

    select * from {{ ref('int_families_listed') }}

),

summed as (

    select
        claim_months.npi,
        claim_months.procedure_family,
        sum(claim_months.services) filter (
            where claim_months.service_month between windows.window_start_month and windows.window_end_month
        ) as annual_volume,
        sum(claim_months.services) filter (
            where claim_months.service_month between windows.prior_start_month and windows.prior_end_month
        ) as prior_annual_volume
    from claim_months
    cross join windows
    where claim_months.service_month <= windows.window_end_month
    group by claim_months.npi, claim_months.procedure_family

),

-- Claim lines speak once they cover a complete month; no estimate enters. A year before that they reach back over in part only is unknown.
from_claim_lines as (

    select
        summed.npi,
        summed.procedure_family,
        cast(coalesce(summed.annual_volume, 0) as double) as annual_volume,
        cast(
            case when windows.first_claim_month <= windows.prior_start_month then coalesce(summed.prior_annual_volume, 0) end
            as double
        ) as prior_annual_volume,
        'claim_lines' as claims_source
    from summed
    cross join windows

),

-- Elsewhere the last published year and the one before it; a year in which the provider is not published is unknown.
from_public_files as (

    select
        years.npi,
        years.procedure_family,
        cast(sum(years.services) filter (where years.data_year = published.published_year) as double) as annual_volume,
        cast(sum(years.services) filter (where years.data_year = published.published_year - 1) as double) as prior_annual_volume,
        'cms_claims' as claims_source
    from years
    inner join published
        on years.procedure_family = published.procedure_family
    cross join windows
    left join coverage
        on years.npi = coverage.npi and years.procedure_family = coverage.procedure_family
    where
        years.data_year in (published.published_year, published.published_year - 1)
        and (coverage.first_claim_month is null or coverage.first_claim_month > windows.window_end_month)
    group by years.npi, years.procedure_family

),

-- Both are made the same kind of number before they meet: wide decimals of unlike scale take long to align.
either as (

    select * from from_claim_lines
    union all
    select * from from_public_files

),

final as (

    select
        either.npi,
        either.procedure_family,
        families.is_focus,
        either.annual_volume,
        either.prior_annual_volume,
        either.claims_source
    from either
    inner join families
        on either.procedure_family = families.procedure_family

)

select * from final

with

volume as (

    select * from {{ ref('int_provider_family_volume') }}
    where is_focus

),

coverage as (

    select * from {{ ref('int_provider_family_coverage') }}

),

years as (

    select * from {{ ref('int_provider_family_years') }}

),

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

totals as (

    select
        npi,
        sum(cast(annual_volume as decimal(18, 3))) as annual_volume,
        sum(cast(prior_annual_volume as decimal(18, 3))) as prior_annual_volume
    from volume
    group by npi

),

first_claims as (

    select
        coverage.npi,
        min(coverage.first_claim_month) as first_claim_month
    from coverage
    inner join families
        on coverage.procedure_family = families.procedure_family
    group by coverage.npi

),

first_years as (

    select
        years.npi,
        min(years.data_year) as first_year
    from years
    inner join families
        on years.procedure_family = families.procedure_family
    group by years.npi

),

-- New is who has a first focus claim in the trailing year while others' claims reach further back.
final as (

    select
        coalesce(totals.npi, first_claims.npi, first_years.npi) as npi,
        totals.annual_volume,
        totals.prior_annual_volume,
        coalesce(
            first_claims.first_claim_month >= windows.window_start_month
            and windows.first_claim_month < windows.window_start_month
            and coalesce(first_years.first_year >= year(windows.window_start_month), true),
            false
        ) as is_new_to_family
    from totals
    full outer join first_claims
        on totals.npi = first_claims.npi
    full outer join first_years
        on coalesce(totals.npi, first_claims.npi) = first_years.npi
    cross join windows

)

select * from final
order by npi

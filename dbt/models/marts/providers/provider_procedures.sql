with

months as (

    select * from {{ ref('int_provider_family_months') }}
    where has_claim_lines

),

years as (

    select * from {{ ref('int_provider_family_years') }}

),

patients as (

    select * from {{ ref('int_patients_publishable') }}
    where family_kind = 'procedure' and period_grain = 'month'

),

public_patients as (

    select * from {{ ref('int_public_patients_publishable') }}

),

-- Claim lines by month; in their first year, the months before them are estimated from the public file.
by_month as (

    select
        months.npi,
        months.procedure_family,
        months.month as period_start,
        'month' as period_grain,
        months.claims_source,
        cast(months.services as double) as services,
        case when not months.is_estimated then patients.patients end as patients,
        months.is_estimated
    from months
    left join patients
        on
            months.npi = patients.npi
            and months.procedure_family = patients.family
            and months.month = patients.period_start

),

-- Years that no claim line covers stand as published.
by_year as (

    select
        years.npi,
        years.procedure_family,
        make_date(years.data_year, 1, 1) as period_start,
        'year' as period_grain,
        'cms_claims' as claims_source,
        cast(years.services as double) as services,
        public_patients.patients,
        false as is_estimated
    from years
    left join public_patients
        on
            years.npi = public_patients.npi
            and years.procedure_family = public_patients.procedure_family
            and years.data_year = public_patients.data_year
    where not years.has_claim_lines

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

either as (

    select * from by_month
    union all
    select * from by_year

),

final as (

    select
        either.npi,
        either.procedure_family,
        either.period_start,
        either.period_grain,
        either.claims_source,
        round(either.services, 6) as services,
        either.patients,
        either.patients is null as is_suppressed,
        either.is_estimated
    from either
    anti join opted_out
        on either.npi = opted_out.npi

)

select * from final
order by npi, procedure_family, period_start

with

-- Apart from one another, as claim lines come each month and the list of affiliations seldom.
years as (

    select
        coalesce(performed.npi, worked.npi) as npi,
        coalesce(performed.calendar_year, worked.calendar_year) as calendar_year,
        performed.focus_volume,
        performed.months_told,
        performed.families_billed,
        worked.facilities,
        worked.affiliation_changes
    from {{ ref('int_provider_years') }} as performed
    full outer join {{ ref('int_provider_facility_years') }} as worked
        on performed.npi = worked.npi and performed.calendar_year = worked.calendar_year

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

payments as (

    select
        npi,
        payment_year,
        max(case when relation = 'own' then general_usd end) as own_payments_usd,
        max(case when relation = 'competitor' then general_usd end) as competitor_payments_usd,
        max(case when relation = 'other' then general_usd end) as other_payments_usd,
        sum(cast(research_usd as decimal(18, 2))) as research_usd
    from {{ ref('provider_payment_relations') }}
    group by npi, payment_year

),

released as (

    select
        cast(program_year as bigint) as payment_year,
        bool_or(payment_kind = 'general') as has_general,
        bool_or(payment_kind = 'research') as has_research
    from {{ ref('int_payment_releases') }}
    group by cast(program_year as bigint)

),

starts as (

    select * from {{ ref('int_provider_career_starts') }}

),

known as (

    select
        coalesce(years.npi, payments.npi) as npi,
        coalesce(years.calendar_year, payments.payment_year) as calendar_year,
        years.focus_volume,
        years.months_told,
        years.families_billed,
        years.facilities,
        years.affiliation_changes,
        payments.own_payments_usd,
        payments.competitor_payments_usd,
        payments.other_payments_usd,
        payments.research_usd,
        payments.npi is not null or years.facilities is not null as is_known_without_claims
    from years
    full outer join payments
        on years.npi = payments.npi and years.calendar_year = payments.payment_year

),

dated as (

    select
        known.*,
        case when starts.started_year <= known.calendar_year then known.calendar_year - starts.started_year end
            as years_in_practice,
        starts.basis as career_basis,
        opted_out.npi is not null as is_opted_out
    from known
    left join starts
        on known.npi = starts.npi
    left join opted_out
        on known.npi = opted_out.npi
    -- Of who opted out, a year is known by payments or facilities, not by claims.
    where opted_out.npi is null or known.is_known_without_claims

),

final as (

    select
        dated.npi,
        dated.calendar_year,
        case
            when dated.years_in_practice >= 25 then 'late'
            when dated.years_in_practice is null or dated.career_basis = 'first_npis' then 'unknown'
            when dated.years_in_practice >= 10 then 'middle'
            else 'early'
        end as career_stage,
        dated.career_basis,
        cast(dated.years_in_practice as bigint) as years_in_practice,
        case when not dated.is_opted_out then dated.focus_volume end as focus_volume,
        case when not dated.is_opted_out then dated.months_told end as months_told,
        case when not dated.is_opted_out then dated.families_billed end as families_billed,
        dated.facilities,
        dated.affiliation_changes,
        -- A year that Open Payments has released and in which nobody paid is zero, another one unknown.
        case when released.has_general then coalesce(dated.own_payments_usd, 0) end as own_payments_usd,
        case when released.has_general then coalesce(dated.competitor_payments_usd, 0) end as competitor_payments_usd,
        case when released.has_general then coalesce(dated.other_payments_usd, 0) end as other_payments_usd,
        case when released.has_research then cast(coalesce(dated.research_usd, 0) as double) end as research_usd
    from dated
    left join released
        on dated.calendar_year = released.payment_year

)

select * from final

with

years as (

    select * from {{ ref('int_provider_years') }}

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

    -- Of who opted out, a year is known by payments or facilities, not by claims.
    select
        years.npi,
        years.calendar_year
    from years
    left join opted_out
        on years.npi = opted_out.npi
    where opted_out.npi is null or years.facilities is not null

    union

    select
        npi,
        payment_year as calendar_year
    from payments

),

dated as (

    select
        known.npi,
        known.calendar_year,
        case when starts.started_year <= known.calendar_year then known.calendar_year - starts.started_year end
            as years_in_practice,
        starts.basis as career_basis
    from known
    left join starts
        on known.npi = starts.npi

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
        case when opted_out.npi is null then years.focus_volume end as focus_volume,
        case when opted_out.npi is null then years.months_told end as months_told,
        case when opted_out.npi is null then years.families_billed end as families_billed,
        years.facilities,
        years.affiliation_changes,
        -- A year that Open Payments has released and in which nobody paid is zero, another one unknown.
        case when released.has_general then coalesce(payments.own_payments_usd, 0) end as own_payments_usd,
        case when released.has_general then coalesce(payments.competitor_payments_usd, 0) end as competitor_payments_usd,
        case when released.has_general then coalesce(payments.other_payments_usd, 0) end as other_payments_usd,
        case when released.has_research then cast(coalesce(payments.research_usd, 0) as double) end as research_usd
    from dated
    left join years
        on dated.npi = years.npi and dated.calendar_year = years.calendar_year
    left join payments
        on dated.npi = payments.npi and dated.calendar_year = payments.payment_year
    left join opted_out
        on dated.npi = opted_out.npi
    left join released
        on dated.calendar_year = released.payment_year

)

select * from final

with

services as (

    select * from {{ ref('int_focus_months') }}

),

-- A segment is formed tonight and looked back at.
named as (

    select
        cohort,
        cohort_kind,
        began_on,
        npi
    from {{ ref('int_cohort_members') }}

    union all

    select
        'Segment: ' || segment as cohort,
        'segment' as cohort_kind,
        cast(null as date) as began_on,
        npi
    from {{ ref('provider_segments') }}
    where volume_band is not null

),

-- Millions of rows are grouped by a number for less than by a name.
members as (

    select
        *,
        {{ hash_of('cohort') }} as cohort_hash
    from named

),

-- What each provider did in a month of the base, on average.
bases as (

    select
        npi,
        cast(sum(volume) as double) / max(base_months) as base
    from services
    where is_base
    group by npi

),

monthly as (

    select
        services.npi,
        services.month,
        services.is_estimated,
        cast(services.volume as double) as volume,
        coalesce(bases.base, 0) as base
    from services
    left join bases
        on services.npi = bases.npi

),

markets as (

    select
        month,
        bool_or(is_estimated) as is_estimated,
        sum(volume) as volume,
        sum(volume * volume) as volume_volume,
        sum(volume * base) as volume_base
    from monthly
    group by month

),

market_base as (

    select
        sum(base) as base,
        sum(base * base) as base_base
    from bases

),

cohorts as (

    select
        members.cohort,
        members.cohort_hash,
        members.cohort_kind,
        members.began_on,
        count(*) as providers,
        coalesce(sum(bases.base), 0) as base,
        coalesce(sum(bases.base * bases.base), 0) as base_base
    from members
    left join bases
        on members.npi = bases.npi
    group by members.cohort, members.cohort_hash, members.cohort_kind, members.began_on

),

performed as (

    select
        members.cohort_hash,
        monthly.month,
        count(*) as active_providers,
        sum(monthly.volume) as volume,
        sum(monthly.volume * monthly.volume) as volume_volume,
        sum(monthly.volume * monthly.base) as volume_base
    from members
    inner join monthly
        on members.npi = monthly.npi
    group by members.cohort_hash, monthly.month

),

-- A month in which nobody of the cohort did anything is a zero.
joined as (

    select
        cohorts.*,
        markets.month,
        markets.is_estimated,
        coalesce(performed.active_providers, 0) as active_providers,
        coalesce(performed.volume, 0) as volume,
        coalesce(performed.volume_volume, 0) as volume_volume,
        coalesce(performed.volume_base, 0) as volume_base,
        markets.volume as market_volume,
        markets.volume_volume as market_volume_volume,
        markets.volume_base as market_volume_base,
        market_base.base as market_base,
        market_base.base_base as market_base_base
    from cohorts
    cross join markets
    cross join market_base
    left join performed
        on cohorts.cohort_hash = performed.cohort_hash and markets.month = performed.month
    where cohorts.base > 0 and markets.volume > 0

),

indexed as (

    select
        *,
        (volume / market_volume) / (base / market_base) as index_to_market,
        1 / nullif(volume, 0) - 1 / market_volume as per_volume,
        1 / base - 1 / market_base as per_base
    from joined

),

-- Variance of the index's logarithm by linearisation over providers, members and others apart: a provider's months
-- hang together, and the cohort is a part of the market (Woodruff 1971).
spread as (

    select
        *,
        case
            when volume > 0
                then greatest(
                    per_volume * per_volume * volume_volume - 2 * per_volume * per_base * volume_base
                    + per_base * per_base * base_base
                    + (market_volume_volume - volume_volume) / (market_volume * market_volume)
                    - 2 * (market_volume_base - volume_base) / (market_volume * market_base)
                    + (market_base_base - base_base) / (market_base * market_base),
                    0
                )
        end as variance
    from indexed

),

final as (

    select
        cohort,
        cohort_kind,
        began_on,
        month,
        cast(providers as bigint) as providers,
        cast(active_providers as bigint) as active_providers,
        cast(round(volume, 3) as double) as volume,
        cast(round(market_volume, 3) as double) as market_volume,
        cast(round(index_to_market, 6) as double) as index_to_market,
        cast(round(index_to_market * exp(-1.959964 * sqrt(variance)), 6) as double) as lower,
        cast(round(index_to_market * exp(1.959964 * sqrt(variance)), 6) as double) as upper,
        is_estimated
    from spread

)

select * from final
order by cohort, month

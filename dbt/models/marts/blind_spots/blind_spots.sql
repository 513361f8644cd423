with

rising as (

    select * from {{ source('ml', 'blind_spots_rising') }}

),

provider_trends as (

    select * from {{ source('ml', 'volume_provider_trends') }}

),

scores as (

    select * from {{ ref('target_scores') }}

),

status as (

    select * from {{ ref('features_provider_status') }}

),

provider_months as (

    select * from {{ ref('features_provider_months') }}

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

families as (

    select * from {{ ref('int_families_listed') }}

),

opportunity as (

    select * from {{ ref('int_provider_family_opportunity') }}

),

flags_by_rule as (

    select * from {{ ref('int_provider_flags') }}
    union all
    select * from {{ ref('int_facility_flags') }}
    union all
    select * from {{ ref('int_record_flags') }}

),

earlier as (

    select
        kind,
        subject_type,
        subject_id,
        min(first_flagged_on) as first_flagged_on
    from {{ ref('stg_history__blind_spots') }}
    group by kind, subject_type, subject_id

),

usual as (

    select avg(adoption_probability) as adoption_probability from scores

),

-- Money of a flag: the yearly revenue not yet ours, times the chance to have it; where nobody was scored (customers),
-- the company's average chance.
money as (

    select
        opportunity.npi,
        round(sum(
            opportunity.open_revenue_usd * coalesce(scores.adoption_probability, usual.adoption_probability, 0)
        ), 2) as opportunity_usd
    from opportunity
    cross join usual
    left join scores
        on opportunity.npi = scores.npi and opportunity.procedure_family = scores.procedure_family
    group by opportunity.npi

),

ranked_rising_uncalled as (

    select
        'rising_uncalled' as kind,
        'provider' as subject_type,
        rising.npi as subject_id,
        status.territory_id,
        coalesce(money.opportunity_usd, 0) as opportunity_usd,
        rising.p_value,
        rising.q_value,
        cast(rising.evidence as {{ json_type() }}) as evidence,
        rising.procedure_family || ' rises: ' || cast(round(rising.observed) as bigint) || ' ' || families.counted || ' in '
        || rising.months_compared || ' months where ' || {{ with_places('rising.expected', 1) }}
        || ' were to be expected, and no kept call in twelve months.' as why,
        row_number() over (partition by rising.npi order by rising.q_value, rising.p_value, rising.procedure_family) as preference
    from rising
    inner join status
        on rising.npi = status.npi
    inner join families
        on rising.procedure_family = families.procedure_family
    left join money
        on rising.npi = money.npi
    -- Who is new to a family has no earlier volume to rise from, and a kind of its own.
    left join provider_months
        on
            rising.npi = provider_months.npi
            and rising.procedure_family = provider_months.procedure_family
            and provider_months.is_current
            and provider_months.is_new_to_family
    where
        rising.q_value <= 0.10
        and rising.rate_ratio > 1
        and status.is_uncalled
        and status.is_reachable
        and provider_months.npi is null

),

rising_uncalled as (

    select {{ star_without('preference') }}
    from ranked_rising_uncalled
    where preference = 1

),

new_to_family_uncalled as (

    select
        'new_to_family_uncalled' as kind,
        'provider' as subject_type,
        provider_months.npi as subject_id,
        status.territory_id,
        coalesce(max(money.opportunity_usd), 0) as opportunity_usd,
        cast(null as double) as p_value,
        cast(null as double) as q_value,
        {{ json_object_of({
            'procedure_families': sorted_list('provider_months.procedure_family'),
            'volume_12m': 'sum(provider_months.volume_12m)',
        }) }} as evidence,
        'First claims in ' || {{ sorted_text('provider_months.procedure_family') }}
        || ' within twelve months (' || cast(round(coalesce(sum(provider_months.volume_12m), 0)) as bigint)
        || ' ' || case min(families.counted) when max(families.counted) then max(families.counted) else 'procedures and prescriptions' end
        || '), and no kept call in that time.' as why
    from provider_months
    inner join status
        on provider_months.npi = status.npi
    inner join families
        on provider_months.procedure_family = families.procedure_family
    left join money
        on provider_months.npi = money.npi
    where provider_months.is_current and provider_months.is_new_to_family and status.is_uncalled and status.is_reachable
    group by provider_months.npi, status.territory_id

),

-- Called more than nine in ten of all called providers, while the volume falls.
overcalled_declining as (

    select
        'overcalled_declining' as kind,
        'provider' as subject_type,
        called.npi as subject_id,
        called.territory_id,
        coalesce(money.opportunity_usd, 0) as opportunity_usd,
        cast(null as double) as p_value,
        cast(null as double) as q_value,
        {{ json_object_of({
            'calls_12m': 'called.calls_12m',
            'usual_calls_12m': 'called.median_calls',
            'volume_trend': 'provider_trends.volume_trend',
        }) }} as evidence,
        called.calls_12m || ' kept calls in twelve months (half of the called get ' || called.median_calls
        || ' at most) while the volume falls by ' || cast(round(-100 * provider_trends.volume_trend) as integer) || ' % a year.' as why
    from (
        select
            *,
            percent_rank() over (order by calls_12m) as calls_rank,
            cast(floor(median(calls_12m) over ()) as bigint) as median_calls
        from status
        where calls_12m > 0
    ) as called
    inner join provider_trends
        on called.npi = provider_trends.npi
    anti join opted_out
        on called.npi = opted_out.npi
    left join money
        on called.npi = money.npi
    where called.calls_rank >= 0.9 and called.calls_12m > called.median_calls and provider_trends.volume_direction = 'losing'

),

ruled as (

    select
        flags.kind,
        flags.subject_type,
        flags.subject_id,
        flags.territory_id,
        coalesce(round(flags.money_share * sum(money.opportunity_usd), 2), 0) as opportunity_usd,
        cast(null as double) as p_value,
        cast(null as double) as q_value,
        flags.evidence,
        flags.why
    from (
        select
            {{ star_without('npis') }},
            {{ one_row_each(
                'case when ' ~ array_length('npis') ~ ' = 0 then ' ~ array_of('null') ~ ' else npis end'
            ) }} as npi
        from flags_by_rule
    ) as flags
    left join money
        on flags.npi = money.npi
    group by
        flags.kind, flags.subject_type, flags.subject_id, flags.territory_id, flags.money_share, flags.evidence, flags.why

),

flags as (

    select * from rising_uncalled
    union all
    select * from new_to_family_uncalled
    union all
    select * from overcalled_declining
    union all
    select * from ruled

),

-- A third of the flags with money is high, a third medium; what has no money is low.
ranked as (

    select
        *,
        percent_rank() over (partition by opportunity_usd > 0 order by opportunity_usd) as money_rank
    from flags

),

final as (

    select
        ranked.kind,
        ranked.subject_type,
        ranked.subject_id,
        ranked.territory_id,
        case
            when ranked.opportunity_usd > 0 and ranked.money_rank >= 2 / 3 then 'high'
            when ranked.opportunity_usd > 0 and ranked.money_rank >= 1 / 3 then 'medium'
            else 'low'
        end as severity,
        cast(ranked.opportunity_usd as double) as opportunity_usd,
        cast(ranked.p_value as double) as p_value,
        cast(ranked.q_value as double) as q_value,
        ranked.evidence,
        ranked.why,
        coalesce(earlier.first_flagged_on, {{ as_of() }}) as first_flagged_on,
        {{ as_of() }} as flagged_on
    from ranked
    left join earlier
        on
            ranked.kind = earlier.kind
            and ranked.subject_type = earlier.subject_type
            and ranked.subject_id = earlier.subject_id

)

select * from final
order by kind, subject_type, subject_id

with

scores as (

    select * from {{ ref('target_scores') }}

),

withheld as (

    select distinct npi from {{ ref('int_providers_withheld') }}

),

associations as (

    select * from {{ ref('int_rep_associations') }}

),

earlier as (

    select * from {{ ref('stg_history__target_list') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

seats as (

    select
        territory_id,
        {{ sorted_list('rep_id') }} as rep_ids
    from associations
    where is_in_seat and not is_manager and not is_overlay
    group by territory_id

),

-- What the reps of a territory can do in a quarter of 13 weeks: half of it goes to tier A with six calls, a third to
-- tier B with three, the rest to tier C with one call each.
capacity as (

    select
        seats.territory_id,
        seats.rep_ids,
        floor(13 * settings.calls_per_rep_per_week * {{ array_length('seats.rep_ids') }}) as calls,
        floor(13 * settings.calls_per_rep_per_week * {{ array_length('seats.rep_ids') }} / 2 / 6) as places_a,
        floor(13 * settings.calls_per_rep_per_week * {{ array_length('seats.rep_ids') }} / 3 / 3) as places_b
    from seats
    cross join settings

),

-- A provider stands on the list once, for the family that scores best.
ranked_candidates as (

    select
        *,
        row_number() over (partition by npi order by score desc, expected_value_usd desc, procedure_family asc) as preference
    from scores
    where npi not in (select withheld.npi from withheld) and territory_id is not null

),

candidates as (

    select *
    from ranked_candidates
    where preference = 1

),

ranked as (

    select
        *,
        row_number() over (partition by territory_id order by score desc, expected_value_usd desc, npi asc) as rank
    from candidates

),

tiered as (

    select
        ranked.*,
        {{ element('capacity.rep_ids', 'cast((ranked.rank - 1) % ' ~ array_length('capacity.rep_ids') ~ ' + 1 as integer)') }} as rep_id,
        case
            when ranked.rank <= capacity.places_a then 'A'
            when ranked.rank <= capacity.places_a + capacity.places_b then 'B'
            else 'C'
        end as tier
    from ranked
    inner join capacity
        on ranked.territory_id = capacity.territory_id
    where
        ranked.rank <= capacity.places_a + capacity.places_b
        + capacity.calls - 6 * capacity.places_a - 3 * capacity.places_b

),

answers as (

    select * from {{ ref('int_target_answers') }}

),

ranked_last_list as (

    select
        *,
        row_number() over (partition by npi order by rank asc, territory_id asc) as preference
    from earlier
    where listed_on = (select max(lists.listed_on) from earlier as lists)

),

last_list as (

    select *
    from ranked_last_list
    where preference = 1

),

final as (

    select
        tiered.npi,
        tiered.territory_id,
        tiered.rep_id,
        tiered.tier,
        cast(tiered.rank as bigint) as rank,
        cast(case tiered.tier when 'A' then 6 when 'B' then 3 else 1 end as bigint) as calls_per_quarter,
        case
            when last_list.npi is null then 'added'
            when tiered.tier < last_list.tier then 'promoted'
            when tiered.tier > last_list.tier then 'demoted'
            else 'kept'
        end as change,
        'Chance of a first order within ' || settings.adoption_horizon_days || ' days '
        || {{ with_places('100 * tiered.adoption_probability', 1) }} || ' %, worth '
        || {{ with_thousands('cast(round(tiered.expected_value_usd) as bigint)') }} || ' USD a year in expectation'
        || coalesce(
            ': ' || nullif(concat_ws(
                '; ',
                {{ json_text('tiered.reasons', '$[0].text') }},
                {{ json_text('tiered.reasons', '$[1].text') }},
                {{ json_text('tiered.reasons', '$[2].text') }}
            ), ''), ''
        ) || '.' as why,
        'treat' as assignment,
        coalesce(answers.feedback, 'none') as feedback,
        true as is_compliant,
        cast(null as string) as compliance_rule
    from tiered
    cross join settings
    left join last_list
        on tiered.npi = last_list.npi
    left join answers
        on tiered.npi = answers.npi

)

select * from final
order by territory_id, rank

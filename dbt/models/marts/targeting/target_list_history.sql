with

tonight as (

    select * from {{ ref('target_list') }}

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

changes as (

    select
        npi,
        territory_id,
        change,
        reason,
        changed_on
    from {{ ref('stg_history__target_list_changes') }}

    union all

    select
        npi,
        territory_id,
        change,
        reason,
        {{ as_of() }} as changed_on
    from {{ ref('target_list_changes') }}

),

lists as (

    select
        npi,
        territory_id,
        tier,
        rank,
        calls_per_quarter,
        assignment,
        listed_on
    from {{ ref('stg_history__target_list') }}

    union all

    select
        npi,
        territory_id,
        tier,
        rank,
        calls_per_quarter,
        assignment,
        {{ as_of() }} as listed_on
    from tonight

),

-- A list holds until the next night that published one, be it an empty one.
days as (

    select listed_on from lists
    union
    select changed_on as listed_on from changes
    union
    select {{ as_of() }} as listed_on

),

nights as (

    select
        listed_on,
        row_number() over (order by listed_on) as night,
        lead(listed_on) over (order by listed_on) as replaced_on
    from days

),

compared as (

    select
        lists.*,
        nights.night,
        nights.replaced_on,
        lag(nights.night) over same_provider as night_before,
        lag(lists.rank) over same_provider as rank_before,
        lag(concat_ws('|', lists.tier, cast(lists.rank as string), cast(lists.calls_per_quarter as string), lists.assignment))
            over same_provider as place_before,
        concat_ws('|', lists.tier, cast(lists.rank as string), cast(lists.calls_per_quarter as string), lists.assignment) as place
    from lists
    inner join nights
        on lists.listed_on = nights.listed_on
    anti join opted_out
        on lists.npi = opted_out.npi
    window same_provider as (partition by lists.npi, lists.territory_id order by nights.night)

),

-- A span begins where the provider comes, or comes back, or has another place than the night before.
numbered as (

    select
        *,
        sum(case when coalesce(night_before = night - 1 and place_before = place, false) then 0 else 1 end)
            over (partition by npi, territory_id order by night rows unbounded preceding) as span
    from compared

),

spans as (

    select
        npi,
        territory_id,
        span,
        min(listed_on) as valid_from,
        max(night) as last_night,
        {{ value_at_largest("coalesce(replaced_on, " ~ for_ever() ~ ")", "night") }} as replaced_on,
        max(tier) as tier,
        max(rank) as rank,
        max(calls_per_quarter) as calls_per_quarter,
        max(assignment) as assignment,
        {{ value_at_smallest("case when night_before = night - 1 then rank_before end", "night") }} as rank_before
    from numbered
    group by npi, territory_id, span

),

final as (

    select
        spans.npi,
        spans.territory_id,
        spans.valid_from,
        case when spans.replaced_on < {{ for_ever() }} then spans.replaced_on - 1 end as valid_to,
        spans.tier,
        spans.rank,
        concat_ws(
            '; ',
            coalesce(
                began.change || ': ' || began.reason,
                'rank ' || cast(spans.rank as string) || ' after ' || cast(spans.rank_before as string)
                || ' as others came, moved or left'
            ),
            'left on ' || cast(ended.changed_on as string) || ': ' || ended.reason
        ) as reason_for_change,
        spans.calls_per_quarter,
        spans.assignment
    from spans
    left join changes as began
        on
            spans.npi = began.npi
            and spans.territory_id = began.territory_id
            and spans.valid_from = began.changed_on
            and began.change <> 'dropped'
    left join changes as ended
        on
            spans.npi = ended.npi
            and spans.territory_id = ended.territory_id
            and spans.replaced_on = ended.changed_on
            and ended.change = 'dropped'

)

select * from final
order by npi, territory_id, valid_from

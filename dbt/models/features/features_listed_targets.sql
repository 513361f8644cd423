with

lists as (

    select * from {{ ref('stg_history__target_list') }}

),

changes as (

    select * from {{ ref('stg_history__target_list_changes') }}

),

nights as (

    {{ nights_with_a_list('lists', 'changes') }}

),

newest as (

    select max(listed_on) as listed_on from nights

),

ranked as (

    select
        *,
        row_number() over (partition by npi order by listed_on desc, rank asc, territory_id asc) as preference
    from lists

),

-- Somebody had been asked to call on any earlier list: a holdout knows no such provider.
ever as (

    select
        npi,
        bool_or(coalesce(assignment, 'treat') = 'treat') as was_ever_treated
    from lists
    group by npi

),

providers as (

    select * from {{ ref('int_providers_registered') }}

),

first_orders as (

    select * from {{ ref('int_first_orders') }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

final as (

    select
        ranked.npi,
        ranked.territory_id,
        ranked.rep_id,
        ranked.tier,
        ranked.rank,
        {{ calls_asked('ranked.calls_per_quarter', 'ranked.tier') }} as calls_per_quarter,
        coalesce(ranked.assignment, 'treat') as assignment,
        ranked.adoption_probability,
        ranked.open_revenue_usd,
        ranked.kept_share,
        ranked.drive_minutes,
        ranked.listed_on,
        ranked.listed_on = newest.listed_on as is_on_last_list,
        ever.was_ever_treated,
        first_orders.first_order_on,
        coalesce(providers.is_active, false) as is_active,
        territories.territory_id as present_territory_id
    from ranked
    cross join newest
    inner join ever
        on ranked.npi = ever.npi
    left join providers
        on ranked.npi = providers.npi
    left join first_orders
        on ranked.npi = first_orders.npi
    left join territories
        on ranked.npi = territories.npi
    where ranked.preference = 1

)

select * from final
order by npi

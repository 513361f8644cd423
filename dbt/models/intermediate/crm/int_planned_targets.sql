with

targets as (

    select * from {{ ref('stg_veeva__cycle_plan_targets') }}

),

plans as (

    select * from {{ ref('stg_veeva__cycle_plans') }}

),

-- A cycle that the CRM never started was no list, whatever its dates say.
cycles as (

    select
        *,
        {{ days_between('begins_on', 'ends_on') }} + 1 as days
    from {{ ref('stg_veeva__cycles') }}
    where ends_on >= begins_on and coalesce(status, '') <> 'planned'

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

dated as (

    select
        targets.cycle_plan_target_id,
        targets.cycle_plan_id,
        contacts.npi,
        greatest(cycles.begins_on, cast(targets.created_at as date)) as listed_from,
        cycles.ends_on as listed_until,
        -- Who is in a plan without a number is to be seen once in the cycle.
        coalesce(cast(targets.planned_interactions as double), 1) * 365.25 / 4 / cycles.days as calls_per_quarter
    from targets
    inner join plans
        on targets.cycle_plan_id = plans.cycle_plan_id
    inner join cycles
        on plans.cycle_id = cycles.cycle_id
    inner join contacts
        on targets.account_id = contacts.contact_id
    where contacts.npi is not null and targets.created_at is not null

),

-- Put into a plan after its end, a target was on no day's list.
final as (

    select * from dated
    where listed_from <= listed_until

)

select * from final
order by cycle_plan_target_id

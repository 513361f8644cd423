with

withheld as (

    select * from {{ ref('int_providers_withheld') }}

),

-- Who is held out may be shown, but not called: since the day on which the draw took the provider.
held_out as (

    select
        target_list.npi,
        target_list.territory_id,
        'holdout' as rule,
        min(history.valid_from) as since
    from {{ ref('target_list') }} as target_list
    left join {{ ref('target_list_history') }} as history
        on target_list.npi = history.npi and history.assignment = 'holdout'
    where target_list.assignment = 'holdout'
    group by target_list.npi, target_list.territory_id

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

-- One row a provider: the first rule that applies; opt-outs first, since they hide data as well.
ranked as (

    select
        withheld.npi,
        territories.territory_id,
        withheld.rule,
        withheld.since,
        row_number() over (
            partition by withheld.npi
            order by
                coalesce(
                    {{ place_among(
                        'withheld.rule', ['PDRP', 'STATE_OPT_OUT', 'NO_CONTACT', 'NO_SEE', 'SYSTEM_CLOSED', 'DO_NOT_CALL', 'frequency_cap', 'holdout']
                    ) }}, 99
                ),
                withheld.rule
        ) as preference
    from withheld
    left join territories
        on withheld.npi = territories.npi

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

    union all

    select
        npi,
        territory_id,
        rule,
        since
    from held_out

)

select * from final
order by npi

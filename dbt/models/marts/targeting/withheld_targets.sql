with

withheld as (

    select * from {{ ref('int_providers_withheld') }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

-- One row a provider: the first rule that applies, in the order in which the company's gates stand.
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
                        'withheld.rule', ['PDRP', 'NO_CONTACT', 'STATE_OPT_OUT', 'NO_SEE', 'SYSTEM_CLOSED', 'DO_NOT_CALL']
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

)

select * from final
order by npi

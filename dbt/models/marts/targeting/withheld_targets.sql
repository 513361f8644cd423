with

withheld as (

    select * from {{ ref('int_providers_withheld') }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

-- One row a provider: the first rule that applies, in the order in which the company's gates stand.
final as (

    select
        withheld.npi,
        territories.territory_id,
        withheld.rule,
        withheld.since
    from withheld
    left join territories
        on withheld.npi = territories.npi
    qualify row_number() over (
        partition by withheld.npi
        order by
            coalesce(
                array_position(['PDRP', 'NO_CONTACT', 'STATE_OPT_OUT', 'NO_SEE', 'SYSTEM_CLOSED', 'DO_NOT_CALL'], withheld.rule), 99
            ),
            withheld.rule
    ) = 1

)

select * from final
order by npi

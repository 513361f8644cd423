with

scores as (

    select * from {{ source('ml', 'targeting_scores') }}

),

providers as (

    select registered.npi
    from {{ ref('int_providers_registered') }} as registered
    anti join {{ ref('int_providers_opted_out') }} as opted_out
        on registered.npi = opted_out.npi
    where registered.is_active

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

opportunity as (

    select * from {{ ref('int_provider_family_opportunity') }}

),

customers as (

    select npi from {{ ref('int_first_orders') }}

),

valued as (

    select
        scores.npi,
        scores.procedure_family,
        territories.territory_id,
        scores.adoption_probability,
        scores.adoption_probability * coalesce(opportunity.open_revenue_usd, 0) as expected_value_usd,
        scores.reasons,
        scores.model_version
    from scores
    inner join providers
        on scores.npi = providers.npi
    left join territories
        on scores.npi = territories.npi
    left join opportunity
        on scores.npi = opportunity.npi and scores.procedure_family = opportunity.procedure_family
    where scores.npi not in (select customers.npi from customers)

),

counted as (

    select
        adoption_probability,
        count(*) as bearers
    from valued
    group by adoption_probability

),

placed as (

    select
        adoption_probability,
        bearers,
        cast(sum(bearers) over (order by adoption_probability) as bigint) - bearers as below,
        cast(sum(bearers) over () as bigint) as candidates
    from counted

),

-- The score is the mid-rank percentile of the probability: equal probabilities score alike, and a single one stands in the middle.
scored as (

    select
        valued.*,
        coalesce(
            round(cast(50 * (2 * placed.below + placed.bearers - 1) as double) / nullif(placed.candidates - 1, 0), 4), 50
        ) as score
    from valued
    left join placed
        on valued.adoption_probability = placed.adoption_probability

),

final as (

    select
        npi,
        procedure_family,
        territory_id,
        cast(adoption_probability as double) as adoption_probability,
        cast(expected_value_usd as double) as expected_value_usd,
        cast(score as double) as score,
        case
            when territory_id is not null
                then cast(row_number() over (
                    partition by territory_id
                    order by score desc, expected_value_usd desc, npi asc, procedure_family asc
                ) as bigint)
        end as rank_in_territory,
        cast(reasons as {{ json_type() }}) as reasons,
        model_version
    from scored

)

select * from final

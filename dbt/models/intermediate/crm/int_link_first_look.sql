with

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

contacts as (

    select * from {{ ref('int_link_contacts') }}

),

levels as (

    select * from {{ ref('int_link_expectations') }}

),

weighed as (

    {{ link_weights('levels') }}

),

priors as (

    {{ link_priors('levels') }}

),

likelihoods as (

    select
        weighed.contact_id,
        weighed.npi,
        priors.is_provider_probability / weighed.providers_registered * exp(least(weighed.weight, 500)) as likelihood,
        1 - priors.is_provider_probability as nobody
    from weighed
    inner join priors
        on weighed.contact_id = priors.contact_id

),

shares as (

    {{ link_probabilities('likelihoods') }}

),

final as (

    select
        contact_id,
        npi,
        round(link_probability, 9) as link_probability
    from shares

)

select * from final
order by contact_id, npi

with

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

contacts as (

    select * from {{ ref('int_link_contacts') }}

),

checked as (

    select * from {{ ref('int_contact_npis_checked') }}

),

levels as (

    select * from {{ ref('int_link_levels') }}

),

trades as (

    select * from {{ ref('int_link_trades') }}

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

weighed as (

    {{ link_weights('levels') }}

),

priors as (

    {{ link_priors('levels') }}

),

likelihoods as (

    select
        candidates.contact_id,
        candidates.npi,
        candidates.last_name,
        candidates.first_name,
        candidates.place,
        candidates.specialty,
        candidates.facility,
        candidates.telephone,
        candidates.has_same_npi,
        candidates.has_miskeyed_npi,
        priors.is_provider_probability
        / weighed.providers_registered
        * exp(least(weighed.weight, 500))
        * coalesce(trades.ratio, 1) as likelihood,
        1 - priors.is_provider_probability as nobody
    from candidates
    inner join weighed
        on candidates.contact_id = weighed.contact_id and candidates.npi = weighed.npi
    inner join priors
        on candidates.contact_id = priors.contact_id
    left join trades
        on candidates.contact_id = trades.contact_id and candidates.npi = trades.npi

),

first_look as (

    {{ link_probabilities('likelihoods') }}

),

-- Surest first: whom a contact surely is, another contact can only be as a duplicate record of it.
claims as (

    select
        contact_id,
        npi
    from checked
    where cause is null

    union

    select
        contact_id,
        npi
    from decisions
    where decision = 'link'

    union

    select
        contact_id,
        npi
    from first_look
    where link_probability >= 0.95 and last_name != 'differs' and first_name != 'differs'

),

claimants as (

    select
        claims.npi,
        {{ sorted_set('claims.contact_id') }} as contact_ids,
        {{ sorted_set("contacts.last_key || ' ' || contacts.first_key") }} as names
    from claims
    inner join contacts
        on claims.contact_id = contacts.contact_id
    group by claims.npi

),

settled as (

    select
        first_look.contact_id,
        first_look.npi,
        first_look.last_name,
        first_look.first_name,
        first_look.place,
        first_look.specialty,
        first_look.facility,
        first_look.telephone,
        first_look.has_same_npi,
        first_look.has_miskeyed_npi,
        first_look.nobody,
        first_look.likelihood * case
            when
                claimants.npi is null
                or array_contains(claimants.contact_ids, first_look.contact_id)
                or array_contains(claimants.names, contacts.last_key || ' ' || contacts.first_key)
                then 1
            else 0.1
        end as likelihood
    from first_look
    inner join contacts
        on first_look.contact_id = contacts.contact_id
    left join claimants
        on first_look.npi = claimants.npi
    where first_look.last_name != 'differs'

),

shares as (

    {{ link_probabilities('settled') }}

),

final as (

    select
        contact_id,
        npi,
        last_name,
        first_name,
        place,
        specialty,
        facility,
        telephone,
        has_same_npi,
        has_miskeyed_npi,
        round(link_probability, 6) as link_probability
    from shares

)

select * from final
order by contact_id, npi

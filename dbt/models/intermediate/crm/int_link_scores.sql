with

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

contacts as (

    select * from {{ ref('int_crm_contacts_cleaned') }}

),

checked as (

    select * from {{ ref('int_contact_npis_checked') }}

),

levels as (

    select * from {{ ref('int_link_levels') }}

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

-- Fellegi and Sunter's weights: how often a level is seen when contact and provider are one person, over how often
-- by chance. Chance is counted among all registered providers, so a rare name says more than a frequent one.
weighed as (

    select
        candidates.contact_id,
        candidates.npi,
        candidates.last_name,
        candidates.first_name,
        candidates.place,
        candidates.specialty,
        candidates.facility,
        candidates.has_same_npi,
        candidates.has_miskeyed_npi,
        candidates.providers_registered,
        ln(last_names.share) + case candidates.last_name
            when 'misspelt' then ln(candidates.providers_registered / (5 * candidates.same_last))
            when 'differs' then 0
            else ln(candidates.providers_registered / candidates.same_last)
        end
        + case candidates.first_name
            when 'exact' then ln(first_names.share * candidates.providers_registered / candidates.same_first)
            when 'familiar' then ln(first_names.share * candidates.providers_registered / (2 * candidates.same_first))
            when 'initial' then ln(first_names.share / 0.07)
            when 'misspelt' then ln(first_names.share / 0.005)
            when 'missing' then 0
            else ln(first_names.share)
        end
        + case candidates.place
            when 'zip' then ln(places.share * candidates.providers_registered / candidates.same_zip)
            when 'city' then ln(places.share * candidates.providers_registered / candidates.same_city)
            when 'state' then ln(places.share * candidates.providers_registered / candidates.same_state)
            when 'missing' then 0
            else ln(places.share)
        end
        + case candidates.specialty
            when 'same' then ln(greatest(1, specialties.share * candidates.providers_registered / candidates.same_specialty))
            when 'missing' then 0
            else ln(specialties.share / 0.8)
        end
        + case candidates.facility
            when 'same' then ln(facilities.share / 0.03)
            when 'missing' then 0
            else ln(facilities.share / 0.97)
        end
        + case when candidates.has_miskeyed_npi then ln(500) else 0 end as weight
    from candidates
    left join levels as last_names
        on last_names.field = 'last_name' and candidates.last_name = last_names.level
    left join levels as first_names
        on first_names.field = 'first_name' and candidates.first_name = first_names.level
    left join levels as places
        on places.field = 'place' and candidates.place = places.level
    left join levels as specialties
        on specialties.field = 'specialty' and candidates.specialty = specialties.level
    left join levels as facilities
        on facilities.field = 'facility' and candidates.facility = facilities.level

),

-- Who the CRM says is a buyer or an administrator is hardly ever a provider.
expectations as (

    select
        contact_id,
        case
            when role in ('buyer', 'administrator') and not has_specialty then 0.001
            when role is null and has_office_title and not has_specialty and npi_given is null then 0.02
            when role = 'user' or has_specialty or npi_given is not null then 0.95
            else 0.7
        end as is_provider_probability
    from contacts

),

likelihoods as (

    select
        weighed.*,
        expectations.is_provider_probability / weighed.providers_registered * exp(least(weighed.weight, 500)) as likelihood,
        1 - expectations.is_provider_probability as nobody
    from weighed
    inner join expectations
        on weighed.contact_id = expectations.contact_id

),

first_look as (

    select
        *,
        likelihood / (nobody + sum(likelihood) over everybody) as link_probability
    from likelihoods
    window everybody as (
        partition by contact_id order by npi rows between unbounded preceding and unbounded following
    )

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
        list(claims.contact_id) as contact_ids,
        list(contacts.last_key || ' ' || contacts.first_key) as names
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
        first_look.has_same_npi,
        first_look.has_miskeyed_npi,
        first_look.nobody,
        first_look.likelihood * case
            when
                claimants.npi is null
                or list_contains(claimants.contact_ids, first_look.contact_id)
                or list_contains(claimants.names, contacts.last_key || ' ' || contacts.first_key)
                then 1
            else 0.1
        end as likelihood
    from first_look
    inner join contacts
        on first_look.contact_id = contacts.contact_id
    left join claimants
        on first_look.npi = claimants.npi

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
        has_same_npi,
        has_miskeyed_npi,
        round(likelihood / (nobody + sum(likelihood) over everybody), 6) as link_probability
    from settled
    where last_name != 'differs'
    window everybody as (
        partition by contact_id order by npi rows between unbounded preceding and unbounded following
    )

)

select * from final
order by contact_id, npi

with

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

contacts as (

    select * from {{ ref('int_crm_contacts_cleaned') }}

),

-- Fellegi and Sunter's weights: how often a level is seen when contact and provider are one person, over how often
-- by chance. Chance is counted among all registered providers, so a rare name says more than a frequent one.
weighed as (

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
        case last_name
            when 'exact' then ln(0.88 * providers_registered / same_last)
            when 'former' then ln(0.04 * providers_registered / same_last)
            when 'part' then ln(0.04 * providers_registered / same_last)
            when 'misspelt' then ln(0.03 * providers_registered / (5 * same_last))
            else ln(0.01)
        end
        + case first_name
            when 'exact' then ln(0.72 * providers_registered / same_first)
            when 'familiar' then ln(0.14 * providers_registered / (2 * same_first))
            when 'initial' then ln(0.08 / 0.07)
            when 'misspelt' then ln(0.03 / 0.005)
            when 'missing' then 0
            else ln(0.02)
        end
        + case place
            when 'zip' then ln(0.65 * providers_registered / same_zip)
            when 'city' then ln(0.15 * providers_registered / same_city)
            when 'state' then ln(0.15 * providers_registered / same_state)
            when 'missing' then 0
            else ln(0.05)
        end
        + case specialty
            when 'same' then ln(greatest(1, 0.8 * providers_registered / same_specialty))
            when 'missing' then 0
            else ln(0.25)
        end
        + case facility
            when 'same' then ln(20)
            when 'missing' then 0
            else ln(0.5)
        end
        + case when has_miskeyed_npi then ln(500) else 0 end as weight,
        providers_registered
    from candidates

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
    from likelihoods
    where last_name != 'differs'
    window everybody as (
        partition by contact_id order by npi rows between unbounded preceding and unbounded following
    )

)

select * from final
order by contact_id, npi

{%- set rounds = 5 -%}
with

linked as (

    select * from {{ ref('int_contacts_linked') }}

),

traits as (

    select * from {{ ref('int_contact_traits') }}

),

-- Records without a provider find each other: each takes the lowest Id of all with which it shares something, and so on
-- along the chain.
{% for round in range(rounds) -%}
    round_{{ round }} as (

        {% if round == 0 -%}
            select
                contact_id,
                contact_id as component
            from linked
            where npi is null
        {%- else -%}
            select
                members.contact_id,
                min(members.component) as component
            from (
                select
                    traits.contact_id,
                    min(before.component) over (partition by traits.register, traits.trait, traits.trait_value) as component
                from traits
                inner join round_{{ round - 1 }} as before
                    on traits.contact_id = before.contact_id
                union all
                select
                    contact_id,
                    component
                from round_{{ round - 1 }}
            ) as members
            group by members.contact_id
        {%- endif %}

    ),

{% endfor -%}
-- Two records that link to two providers are two people: what leads to several of them belongs to none.
neighbours as (

    select
        components.component,
        min(known.npi) as npi,
        count(distinct known.npi) as providers
    from round_{{ rounds - 1 }} as components
    inner join traits
        on components.contact_id = traits.contact_id
    inner join traits as known
        on
            traits.register = known.register
            and traits.trait = known.trait
            and traits.trait_value = known.trait_value
            and known.npi is not null
    group by components.component

),

keyed as (

    select
        linked.contact_id,
        linked.register,
        linked.known_on,
        coalesce(
            linked.npi,
            case when neighbours.providers = 1 then neighbours.npi end,
            components.component
        ) as person_key
    from linked
    left join round_{{ rounds - 1 }} as components
        on linked.contact_id = components.contact_id
    left join neighbours
        on components.component = neighbours.component

),

final as (

    select
        contact_id,
        register,
        first_value(contact_id) over (
            partition by register, person_key
            order by known_on asc nulls last, contact_id asc
        ) as cluster_id,
        count(*) over (partition by register, person_key) as records
    from keyed

)

select * from final
order by contact_id

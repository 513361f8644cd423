{#- Fellegi and Sunter's weight of every candidate pair: for each field the logarithm of how often its level is met when both are one
    person, over how often by chance; what is missing weighs nothing. How a contact is written is no evidence: of names in that form, so many
    agree at that level. `levels` is a CTE of field, form, level and share beside `candidates` and `contacts`. -#}
{% macro link_weights(levels) -%}
    {%- set fields = ['last_name', 'first_name', 'further_name', 'place', 'specialty', 'facility', 'telephone'] -%}
    {%- set formed = ['last_name', 'first_name', 'place'] -%}
    select
        candidates.contact_id,
        candidates.npi,
        candidates.providers_registered,
        {% for field in fields %}
            coalesce(ln({{ field }}_levels.share / candidates.{{ field }}_chance), 0) +
        {% endfor -%}
        -- One wrong keystroke turns hardly any NPI into that of a namesake.
        case when candidates.has_miskeyed_npi then ln(500) else 0 end as weight
    from candidates
    inner join contacts
        on candidates.contact_id = contacts.contact_id
    {% for field in fields %}
    left join {{ levels }} as {{ field }}_levels
        on
            {{ field }}_levels.field = '{{ field }}'
            and {{ field }}_levels.form = {{ 'contacts.' ~ field ~ '_form' if field in formed else "'any'" }}
            and candidates.{{ field }} = {{ field }}_levels.level
    {% endfor -%}
{%- endmacro %}

{#- The probability of every candidate, as `link_probability` beside the columns of `likelihoods`: its likelihood over that of all
    candidates of the contact and of nobody. As parts of the largest they are summed as decimals, so no order changes a digit. -#}
{% macro link_probabilities(likelihoods) -%}
    select
        {{ star_without('largest') }},
        likelihood / largest / (
            nobody / largest + cast(sum(cast(likelihood / largest as decimal(18, 15))) over (partition by contact_id) as double)
        ) as link_probability
    from (
        select
            *,
            greatest(nobody, max(likelihood) over (partition by contact_id)) as largest
        from {{ likelihoods }}
    ) as compared
{%- endmacro %}

{#- How likely each contact is to be any registered provider before its name is looked at, as `is_provider_probability` beside
    `contact_id`. Who the CRM says is a buyer or an administrator hardly ever is one. `levels` as above, `contacts` beside it. -#}
{% macro link_priors(levels) -%}
    select
        contacts.contact_id,
        case
            when contacts.role in ('buyer', 'administrator') and not contacts.has_specialty then 0.001
            when contacts.role is null and contacts.has_office_title and not contacts.has_specialty and contacts.npi_given is null
                then 0.02
            else identity_levels.share
        end as is_provider_probability
    from contacts
    inner join {{ levels }} as identity_levels
        on contacts.identity_form = identity_levels.form
    where identity_levels.field = 'identity' and identity_levels.level = 'registered'
{%- endmacro %}

with

contacts as (

    select * from {{ ref('int_crm_contacts_united') }}
    where {{ has_npi_check_digit('npi') }} and last_name is not null

),

claim_providers as (

    select * from {{ ref('int_claim_providers_known') }}

),

{% for register in ['nppes', 'clinicians', 'public_providers', 'paid_providers'] -%}
    {{ register }} as (

        select npi from {{ ref('int_' ~ register ~ '_known') }}

    ),

{% endfor -%}
zips as (

    select * from {{ ref('stg_reference__zip_centroids') }}

),

-- The oldest record of an NPI speaks; where two records name two families, neither is believed.
ranked as (

    select
        contacts.npi,
        contacts.first_name,
        contacts.last_name,
        contacts.specialty,
        contacts.city,
        -- People write `Illinois` or leave it out; the state of a ZIP is certain.
        coalesce(zips.state, contacts.state) as state,
        contacts.zip5,
        min({{ normal_name('contacts.last_name') }}) over of_one = max({{ normal_name('contacts.last_name') }}) over of_one as is_one_name,
        row_number() over (
            partition by contacts.npi
            order by contacts.created_at asc nulls last, contacts.contact_id asc
        ) as preference
    from contacts
    semi join claim_providers
        on contacts.npi = claim_providers.npi
    {% for register in ['nppes', 'clinicians', 'public_providers', 'paid_providers'] -%}
        anti join {{ register }}
            on contacts.npi = {{ register }}.npi
    {% endfor -%}
    left join zips
        on contacts.zip5 = zips.zip5
    where contacts.known_on <= {{ as_of() }} or contacts.known_on is null
    window of_one as (partition by contacts.npi)

),

final as (

    select
        npi,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5
    from ranked
    where preference = 1 and is_one_name

)

select * from final
order by npi

{%- set names = ['last_name', 'first_name', 'credential', 'entity_code', 'specialty', 'city', 'state', 'zip5'] -%}
with

published as (

    select
        'provider_service' as published_in,
        npi,
        last_name,
        first_name,
        credential,
        entity_code,
        specialty,
        city,
        state,
        zip5,
        data_year,
        release_code,
        hcpcs_code || ' ' || place_of_service_code as published_as
    from {{ ref('stg_claims__provider_service') }}

    union all

    select
        'part_d' as published_in,
        npi,
        last_name,
        first_name,
        cast(null as string) as credential,
        cast(null as string) as entity_code,
        specialty,
        city,
        state,
        cast(null as string) as zip5,
        data_year,
        release_code,
        concat_ws(' ', brand_key, generic_key) as published_as
    from {{ ref('stg_claims__part_d') }}

),

-- The file of procedures knows more of a provider than that of drugs, whichever is newer.
releases as (

    select
        *,
        dense_rank() over (order by published_in, data_year, coalesce(release_code, '')) as newness
    from {{ ref('int_public_releases') }}

),

-- A release says the same of a provider in each of its rows: once is enough to rank it.
said as (

    select
        {% for name in names -%}
            published.{{ name }},
        {% endfor -%}
        published.npi,
        releases.known_on,
        releases.newness,
        max(published.published_as) as published_as
    from published
    inner join releases
        on
            published.published_in = releases.published_in
            and published.data_year = releases.data_year
            and published.release_code is not distinct from releases.release_code
    where published.npi is not null
    group by
        {% for name in names -%}
            published.{{ name }},
        {% endfor -%}
        published.npi, releases.known_on, releases.newness

),

wordings as (

    select
        {{ names | join(', ') }},
        npi,
        min(known_on) as known_on
    from said
    group by {{ names | join(', ') }}, npi

),

-- Of most providers every release says the same: which of them speaks matters for the others alone.
told_differently as (

    select npi
    from wordings
    group by npi
    having count(*) > 1

),

by_release as (

    select
        {% for name in names -%}
            {{ value_at_largest('said.' ~ name, 'said.published_as') }} as {{ name }},
        {% endfor -%}
        said.npi,
        said.known_on,
        said.newness
    from said
    semi join told_differently
        on said.npi = told_differently.npi
    group by said.npi, said.known_on, said.newness

),

-- An old year that comes out again says nothing new of a provider: of all that is known by a day, the newest release speaks.
newest as (

    select distinct
        {% for name in names -%}
            max(case when {{ name }} is not null then {{ struct_of({'newness': 'newness', 'said': name}) }} end) over so_far
                as {{ name }},
        {% endfor -%}
        npi,
        known_on
    from by_release
    window so_far as (partition by npi order by known_on range between unbounded preceding and current row)

),

told as (

    select
        {% for name in names -%}
            newest.{{ name }}.said as {{ name }},
        {% endfor -%}
        newest.npi,
        newest.known_on
    from newest

),

told_alike as (

    select wordings.*
    from wordings
    anti join told_differently
        on wordings.npi = told_differently.npi

),

final as (

    {{ intervals_of('told', names) }}

    union all

    select
        npi,
        known_on,
        {{ for_ever() }} as superseded_on,
        {{ names | join(',\n        ') }}
    from told_alike

)

select * from final

with

years as (

    select * from {{ ref('int_provider_family_years') }}

),

published as (

    select * from {{ ref('int_family_years_current') }}

),

kinds as (

    select distinct
        procedure_family,
        case code_system when 'HCPCS' then 'provider_service' else 'part_d' end as published_in
    from {{ ref('int_family_codes') }}
    where code_system in ('HCPCS', 'GENERIC-NAME')

),

releases as (

    select * from {{ ref('int_public_releases') }}
    where superseded_on = {{ for_ever() }}

),

-- Listed with the family in the last published year only. Whether claim lines speak is asked of who is found, so that a month of them
-- does not let the public files be read again.
candidates as (

    select
        npi,
        procedure_family,
        min(data_year) as first_year
    from years
    group by npi, procedure_family

),

entered as (

    select
        candidates.npi,
        candidates.procedure_family,
        candidates.first_year,
        kinds.published_in
    from candidates
    inner join published
        on
            candidates.procedure_family = published.procedure_family
            and candidates.first_year = published.published_year
    inner join kinds
        on candidates.procedure_family = kinds.procedure_family
    -- The file of the year before is known: the data do not begin here.
    inner join releases
        on kinds.published_in = releases.published_in and candidates.first_year - 1 = releases.data_year

),

-- Below eleven patients a code is not published: who stood in the file with anything at all may have done the family unseen.
-- The rows of these providers are looked for first, they are few.
{% for kind in ['provider_service', 'part_d'] %}

    rows_in_{{ kind }} as (

        select
            npi,
            data_year,
            release_code
        from {{ ref('stg_claims__' ~ kind) }}
        where npi in (
            select entered.npi from entered
            where entered.published_in = '{{ kind }}'
        )

    ),

    listed_in_{{ kind }} as (

        select distinct
            entered.npi,
            entered.procedure_family
        from entered
        inner join rows_in_{{ kind }} as listed
            on entered.npi = listed.npi and entered.first_year > listed.data_year
        inner join releases
            on
                listed.data_year = releases.data_year
                and listed.release_code is not distinct from releases.release_code
                and releases.published_in = '{{ kind }}'
        where entered.published_in = '{{ kind }}'

    ),

{% endfor %}

final as (

    select distinct
        entered.npi,
        entered.procedure_family
    from entered
    left join listed_in_provider_service
        on
            entered.npi = listed_in_provider_service.npi
            and entered.procedure_family = listed_in_provider_service.procedure_family
    left join listed_in_part_d
        on entered.npi = listed_in_part_d.npi and entered.procedure_family = listed_in_part_d.procedure_family
    where listed_in_provider_service.npi is null and listed_in_part_d.npi is null

)

select * from final

with

releases as (

    select * from {{ ref('int_public_releases') }}

),

codes as (

    select * from {{ ref('int_family_codes') }}

),

providers as (

    select npi from {{ ref('int_providers_in_registers') }}

),

services as (

    select
        'provider_service' as published_in,
        published.npi,
        published.data_year,
        published.release_code,
        published.hcpcs_code || ' ' || published.place_of_service_code as published_as,
        published.services,
        published.patients,
        published.file_path,
        published.file_row,
        codes.procedure_family
    from {{ ref('stg_claims__provider_service') }} as published
    inner join codes
        on codes.code_system = 'HCPCS' and published.hcpcs_code = codes.code

),

drugs as (

    select
        procedure_family,
        {{ normal_name('code') }} as drug_key
    from codes
    where code_system = 'GENERIC-NAME'

),

-- A drug is listed by its generic name, or by its brand where that is what the company sells.
named as (

    select
        *,
        {{ one_row_each(array_of('generic_key', 'brand_key')) }} as drug_key
    from {{ ref('stg_claims__part_d') }}

),

prescriptions as (

    select
        'part_d' as published_in,
        named.npi,
        named.data_year,
        named.release_code,
        concat_ws(' ', named.brand_key, named.generic_key) as published_as,
        cast(named.claims as decimal(18, 3)) as services,
        named.patients,
        named.file_path,
        named.file_row,
        drugs.procedure_family
    from named
    inner join drugs
        on named.drug_key = drugs.drug_key

),

published as (

    select * from services
    union all
    select * from prescriptions

),

-- One row a provider and code or drug in a release, whatever the number of files or names that lead to it.
ranked_rows_of_families as (

    select
        published.npi,
        published.data_year,
        published.services,
        published.patients,
        published.procedure_family,
        releases.known_on,
        releases.superseded_on,
        row_number() over (
            partition by
                published.procedure_family, published.published_in, published.npi, published.data_year, published.release_code,
                published.published_as
            order by published.file_path, published.file_row
        ) as preference
    from published
    inner join releases
        on
            published.published_in = releases.published_in
            and published.data_year = releases.data_year
            and published.release_code is not distinct from releases.release_code
    inner join providers
        on published.npi = providers.npi
    where releases.superseded_on > releases.known_on

),

rows_of_families as (

    select *
    from ranked_rows_of_families
    where preference = 1

),

-- Patients of several codes or drugs may be the same people: their sum is the most that there can be; unknown when a part is.
final as (

    select
        npi,
        procedure_family,
        data_year,
        known_on,
        superseded_on,
        cast(sum(services) as decimal(18, 3)) as services,
        case when count(*) = count(patients) then cast(sum(patients) as bigint) end as patients
    from rows_of_families
    group by npi, procedure_family, data_year, known_on, superseded_on

)

select * from final

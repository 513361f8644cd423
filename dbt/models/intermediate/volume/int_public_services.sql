with

published as (

    select * from {{ ref('stg_claims__provider_service') }}

),

releases as (

    select * from {{ ref('int_public_releases') }}

),

codes as (

    select * from {{ ref('int_family_codes') }}
    where code_system = 'HCPCS'

),

providers as (

    select npi from {{ ref('int_providers_registered') }}

),

-- One row a provider, code and place of service in a release, whatever the number of files that hold it.
rows_of_families as (

    select
        published.npi,
        published.data_year,
        published.services,
        published.patients,
        codes.procedure_family,
        releases.known_on,
        releases.superseded_on
    from published
    inner join codes
        on published.hcpcs_code = codes.code
    inner join releases
        on
            published.data_year = releases.data_year
            and published.release_code is not distinct from releases.release_code
    inner join providers
        on published.npi = providers.npi
    where releases.superseded_on > releases.known_on
    qualify row_number() over (
        partition by
            codes.procedure_family, published.npi, published.data_year, published.release_code,
            published.hcpcs_code, published.place_of_service_code
        order by published.file_path, published.file_row
    ) = 1

),

-- Patients of several codes may be the same people: their sum is the most that there can be; unknown when a part is.
final as (

    select
        npi,
        procedure_family,
        data_year,
        known_on,
        superseded_on,
        sum(services) as services,
        case when count(*) = count(patients) then cast(sum(patients) as bigint) end as patients
    from rows_of_families
    group by npi, procedure_family, data_year, known_on, superseded_on

)

select * from final

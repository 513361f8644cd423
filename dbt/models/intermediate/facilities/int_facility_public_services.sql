with

published as (

    select * from {{ ref('stg_claims__inpatient') }}

),

releases as (

    select * from {{ ref('int_public_releases') }}
    where published_in = 'inpatient' and superseded_on = {{ for_ever() }}

),

codes as (

    select * from {{ ref('int_family_codes') }}
    where code_system = 'MS-DRG'

),

-- One row a hospital and DRG in the release that speaks for the year, whatever the number of files that hold it.
ranked_rows_of_families as (

    select
        published.facility_id,
        published.data_year,
        published.discharges,
        codes.procedure_family,
        row_number() over (
            partition by codes.procedure_family, published.facility_id, published.data_year, published.ms_drg_code
            order by published.file_path, published.file_row
        ) as preference
    from published
    inner join codes
        on published.ms_drg_code = codes.code
    inner join releases
        on
            published.data_year = releases.data_year
            and published.release_code is not distinct from releases.release_code

),

rows_of_families as (

    select *
    from ranked_rows_of_families
    where preference = 1

),

final as (

    select
        facility_id,
        procedure_family,
        data_year,
        cast(sum(discharges) as bigint) as services,
        data_year = (select max(releases.data_year) from releases) as is_newest_year
    from rows_of_families
    group by facility_id, procedure_family, data_year

)

select * from final

with

shared_patients as (

    select * from {{ ref('stg_registry__shared_patients') }}

),

-- Apart from the day of the night, so that millions of pairs are read only when a list has come.
final as (

    select distinct
        data_year,
        released_on
    from shared_patients
    where npi_1 <> npi_2

)

select * from final
order by data_year, released_on

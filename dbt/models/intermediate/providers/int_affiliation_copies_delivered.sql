with

affiliations as (

    select * from {{ ref('stg_registry__facility_affiliation') }}

),

-- Apart from the day of the night, so that millions of rows are read only when a list has come.
final as (

    select distinct released_on
    from affiliations

)

select * from final
order by released_on

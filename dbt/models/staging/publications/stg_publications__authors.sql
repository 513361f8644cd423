with

source as (

    select * from {{ source('publications', 'authors') }}

),

renamed as (

    select
        pmid,
        position,
        last_name,
        fore_name,
        affiliation,
        orcid
    from source

)

select * from renamed

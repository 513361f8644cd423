with

source as (

    select * from {{ source('publications', 'articles') }}

),

renamed as (

    select
        pmid,
        title,
        journal,
        mesh_terms,
        published_on
    from source

)

select * from renamed

with

source as (

    select * from {{ source('salesforce', 'territory2') }}

),

newest as (

    {{ newest_copies('source', key='id', given='id is not null') }}

),

renamed as (

    select
        id as territory2_id,
        parentterritory2id as parent_territory2_id,
        nullif(trim(developername), '') as developer_name,
        coalesce(nullif(trim(name), ''), nullif(trim(developername), '')) as name
    from newest

)

select * from renamed

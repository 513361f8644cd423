with

source as (

    select * from {{ source('salesforce', 'user_territory2_association') }}

),

newest as (

    {{ newest_copies(
        'source',
        key='userid, territory2id',
        given='userid is not null and territory2id is not null',
        first=['coalesce(isactive, true)'],
    ) }}

),

renamed as (

    select
        userid as user_id,
        territory2id as territory2_id,
        nullif(trim(roleinterritory2), '') as role,
        coalesce(isactive, true) as is_active
    from newest

)

select * from renamed

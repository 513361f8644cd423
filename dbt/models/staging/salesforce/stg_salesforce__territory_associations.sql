with

source as (

    select * from {{ source('salesforce', 'user_territory2_association') }}

),

newest as (

    select *
    from source
    where userid is not null and territory2id is not null
    qualify row_number() over (
        partition by userid, territory2id
        order by
            coalesce(isactive, true) desc,
            _released_on desc nulls last,
            _release desc nulls last,
            _file desc,
            _row desc
    ) = 1

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

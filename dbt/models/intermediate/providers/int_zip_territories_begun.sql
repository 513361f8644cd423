with

alignment as (

    select * from {{ ref('int_zip_territories') }}
    where kind = 'primary'

),

-- It stays as it is until another alignment begins.
final as (

    select
        zip5,
        territory_id,
        valid_from,
        valid_to
    from alignment
    where coalesce(valid_from, {{ since_ever() }}) <= {{ as_of() }}

)

select * from final
order by zip5, valid_from, territory_id

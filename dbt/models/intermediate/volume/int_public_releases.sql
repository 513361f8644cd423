with

dated as (

    select * from {{ ref('int_public_releases_dated') }}

),

final as (

    {{ releases_in_force('dated', ['published_in', 'data_year']) }}

)

select * from final
order by published_in, data_year, release_code nulls first

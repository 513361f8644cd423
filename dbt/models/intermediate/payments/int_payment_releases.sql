with

dated as (

    select * from {{ ref('int_payment_releases_dated') }}

),

final as (

    {{ releases_in_force('dated', ['payment_kind', 'program_year']) }}

)

select * from final
order by payment_kind, program_year, release_code nulls first

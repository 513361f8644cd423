with

payments as (

    select * from {{ ref('int_general_payments') }}
    where npi is not null and recipient_type not ilike '%hospital%'

),

-- Who the newest payment says that each recipient is.
final as (

    select
        npi,
        arg_max(first_name, newness) as first_name,
        arg_max(last_name, newness) as last_name,
        arg_max(specialty, newness) as specialty,
        arg_max(city, newness) as city,
        arg_max(state, newness) as state,
        arg_max(zip5, newness) as zip5
    from (
        select
            *,
            (coalesce(paid_on, {{ since_ever() }}), record_id) as newness
        from payments
    )
    group by npi

)

select * from final

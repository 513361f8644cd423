with

calls as (

    select min(called_on) as first_day
    from {{ ref('int_calls') }}
    where is_kept

),

orders as (

    select min(ordered_on) as first_day
    from {{ ref('int_orders_activated') }}

),

-- Without any call or order there is no month.
first_days as (

    select min(either.first_day) as first_day
    from (
        select first_day from calls
        union all
        select first_day from orders
    ) as either

),

months as (

    select
        {{ one_row_each(months_from_to(month_start('first_day'), month_start(as_of()))) }} as month
    from first_days
    where first_day is not null

),

final as (

    select
        month,
        {{ month_end('month') }} as last_day,
        {{ month_end('month') }} <= {{ as_of() }} as is_over
    from months

)

select * from final
order by month

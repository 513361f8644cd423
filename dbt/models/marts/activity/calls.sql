with

calls as (

    select * from {{ ref('int_calls') }}

),

final as (

    select
        call_id,
        rep_id,
        territory_id,
        npi,
        account_id,
        called_at,
        kind,
        planned_days_ahead,
        is_planned,
        is_kept,
        duration_minutes,
        called_on,
        called_on <= {{ as_of() }} as is_due
    from calls

)

select * from final
order by call_id

with

delivered as (

    select * from {{ ref('int_claim_days_delivered') }}

),

-- A line is known by `as_of` exactly if it is known by the last of these days, which stays the same until another line comes.
final as (

    select
        max(known_on) filter (where known_on <= {{ as_of() }}) as last_known_on,
        max(service_on) filter (where service_on <= {{ as_of() }}) as last_service_on,
        coalesce(bool_or(known_on > {{ as_of() }} or service_on > {{ as_of() }}), false) as has_lines_waiting
    from delivered

)

select * from final

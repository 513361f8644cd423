-- No days are planned yet.
with

final as (

    select
        cast(null as varchar) as rep_id,
        cast(null as date) as plan_date,
        cast(null as bigint) as stop_order,
        cast(null as varchar) as npi,
        cast(null as varchar) as facility_id,
        cast(null as varchar) as account_id,
        cast(null as varchar) as purpose,
        cast(null as timestamp) as start_at,
        cast(null as double) as drive_miles,
        cast(null as double) as drive_minutes,
        cast(null as varchar) as why
    where false

)

select * from final

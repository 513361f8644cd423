-- No days are planned yet.
with

final as (

    select
        cast(null as string) as rep_id,
        cast(null as date) as plan_date,
        cast(null as bigint) as stop_order,
        cast(null as string) as npi,
        cast(null as string) as facility_id,
        cast(null as string) as account_id,
        cast(null as string) as purpose,
        cast(null as timestamp) as start_at,
        cast(null as double) as drive_miles,
        cast(null as double) as drive_minutes,
        cast(null as string) as why
    where false

)

select * from final

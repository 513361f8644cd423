with

lines as (

    select * from {{ ref('stg_claims__medical_claim') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

dated as (

    select
        lines.service_on,
        coalesce(
            lines.filed_on,
            cast(lines.service_on + cast(settings.lag_days_claim_lines as integer) as date)
        ) as known_on
    from lines
    cross join settings

),

-- A line is known by `as_of` exactly if it is known by the last of these days, which stays the same until another line comes.
final as (

    select
        max(known_on) filter (where known_on <= {{ as_of() }}) as last_known_on,
        max(service_on) filter (where service_on <= {{ as_of() }}) as last_service_on
    from dated

)

select * from final

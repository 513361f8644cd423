with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

final as (

    select
        lines.*,
        {{ hash_of('lines.data_source', 'lines.claim_id', 'lines.claim_line_number') }} as line_hash,
        coalesce(
            lines.filed_on,
            cast(lines.service_on + cast(settings.lag_days_claim_lines as integer) as date)
        ) as known_on
    from {{ ref('stg_claims__medical_claim') }} as lines
    cross join settings

)

select * from final

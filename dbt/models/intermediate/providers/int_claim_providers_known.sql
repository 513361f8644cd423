with

lines as (

    select * from {{ ref('stg_claims__medical_claim') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

-- Whoever rendered a professional line that is known by now, and since when that is known.
final as (

    select
        lines.rendering_npi as npi,
        min(coalesce(lines.filed_on, lines.service_on + cast(settings.lag_days_claim_lines as integer))) as known_on
    from lines
    cross join settings
    where
        lines.claim_type = 'professional'
        and lines.rendering_npi is not null
        and coalesce(lines.filed_on, lines.service_on + cast(settings.lag_days_claim_lines as integer)) <= {{ as_of() }}
    group by lines.rendering_npi

)

select * from final

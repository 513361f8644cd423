with

lines as (

    select * from {{ ref('stg_claims__medical_claim') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

days_known as (

    select * from {{ ref('int_claim_days_known') }}

),

-- Whoever rendered a professional line that is known by now, and since when that is known.
final as (

    select
        lines.rendering_npi as npi,
        min(coalesce(lines.filed_on, lines.service_on + cast(settings.lag_days_claim_lines as integer))) as known_on
    from lines
    cross join settings
    inner join days_known
        on
            coalesce(lines.filed_on, lines.service_on + cast(settings.lag_days_claim_lines as integer))
            <= days_known.last_known_on
    where
        lines.claim_type = 'professional'
        and lines.rendering_npi is not null
    group by lines.rendering_npi

)

select * from final

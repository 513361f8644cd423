with

lines as (

    select * from {{ ref('int_claim_lines_known') }}

),

days_known as (

    select * from {{ ref('int_claim_days_known') }}

),

-- Whoever rendered a professional line that is known by now, and since when that is known.
final as (

    select
        lines.rendering_npi as npi,
        min(lines.known_on) as known_on
    from lines
    inner join days_known
        on lines.known_on <= days_known.last_known_on
    where
        lines.claim_type = 'professional'
        and lines.rendering_npi is not null
    group by lines.rendering_npi

)

select * from final

with

services as (

    select * from {{ ref('int_claim_services') }}

),

public_services as (

    select * from {{ ref('int_public_services') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

from_claim_lines as (

    select
        services.npi,
        services.procedure_family,
        min(services.known_on) as claims_known_from,
        min(
            greatest(
                services.known_on,
                cast(last_day(services.service_month) + cast(settings.lag_days_claim_lines as integer) as date)
            )
        ) as claims_complete_from,
        min(
            greatest(
                services.known_on,
                cast(
                    last_day(services.service_month + interval 12 months)
                    + cast(settings.lag_days_claim_lines as integer) as date
                )
            )
        ) as claims_old_from
    from services
    cross join settings
    group by services.npi, services.procedure_family

),

from_public_files as (

    select
        npi,
        procedure_family,
        min(known_on) as public_known_from
    from public_services
    group by npi, procedure_family

),

-- From which day on it was known that a provider performs a family, covered by claim lines, for more than a year.
final as (

    select
        coalesce(from_claim_lines.npi, from_public_files.npi) as npi,
        coalesce(from_claim_lines.procedure_family, from_public_files.procedure_family) as procedure_family,
        from_claim_lines.claims_known_from,
        from_claim_lines.claims_complete_from,
        from_claim_lines.claims_old_from,
        from_public_files.public_known_from,
        least(from_claim_lines.claims_known_from, from_public_files.public_known_from) as known_from
    from from_claim_lines
    full outer join from_public_files
        on
            from_claim_lines.npi = from_public_files.npi
            and from_claim_lines.procedure_family = from_public_files.procedure_family

)

select * from final

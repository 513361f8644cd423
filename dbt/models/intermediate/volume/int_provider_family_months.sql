with

services as (

    select * from {{ ref('int_claim_services') }}
    where superseded_on = {{ for_ever() }}

),

years as (

    select * from {{ ref('int_provider_family_years') }}

),

seasons as (

    select * from {{ ref('int_family_seasons') }}

),

performed as (

    select
        npi,
        procedure_family,
        service_month as month,
        sum(services) as services
    from services
    group by npi, procedure_family, service_month

),

from_claim_lines as (

    select
        performed.npi,
        performed.procedure_family,
        performed.month,
        cast(performed.services as decimal(18, 6)) as services,
        'claim_lines' as claims_source,
        false as is_estimated
    from performed

),

-- Published years spread over their months by the family's season, up to the first month of claim lines.
from_public_files as (

    select
        years.npi,
        years.procedure_family,
        make_date(years.data_year, cast(seasons.month_of_year as integer), 1) as month,
        cast(cast(years.services as double) * seasons.year_share as decimal(18, 6)) as services,
        'cms_claims' as claims_source,
        true as is_estimated
    from years
    inner join seasons
        on years.procedure_family = seasons.procedure_family
    where
        years.first_claim_month is null
        or make_date(years.data_year, cast(seasons.month_of_year as integer), 1) < years.first_claim_month

),

final as (

    select * from from_claim_lines
    union all
    select * from from_public_files

)

select * from final

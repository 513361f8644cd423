with

services as (

    select * from {{ ref('int_facility_claim_services') }}

),

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

affiliations as (

    select * from {{ ref('int_provider_affiliations_dated') }}
    where is_open

),

volume as (

    select * from {{ ref('int_provider_volume_summary') }}

),

-- What the facility itself billed in focus families over the trailing year.
billed as (

    select
        services.facility_id,
        coalesce(
            sum(services.services) filter (
                services.service_month between windows.window_start_month and windows.window_end_month
            ), 0
        ) as annual_volume
    from services
    cross join windows
    inner join families
        on services.procedure_family = families.procedure_family
    group by services.facility_id

),

staffed as (

    select
        affiliations.facility_id,
        count(distinct affiliations.npi) as providers,
        sum(volume.annual_volume) filter (affiliations.is_primary) as annual_volume
    from affiliations
    left join volume
        on affiliations.npi = volume.npi
    group by affiliations.facility_id

),

final as (

    select
        coalesce(billed.facility_id, staffed.facility_id) as facility_id,
        coalesce(staffed.providers, 0) as providers,
        cast(coalesce(billed.annual_volume, staffed.annual_volume) as double) as annual_volume,
        case
            when billed.annual_volume is not null then 'claim_lines'
            when staffed.annual_volume is not null then 'primary_providers'
        end as volume_basis
    from billed
    full outer join staffed
        on billed.facility_id = staffed.facility_id

)

select * from final
order by facility_id

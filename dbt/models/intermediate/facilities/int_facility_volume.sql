with

services as (

    select * from {{ ref('int_facility_claim_services') }}

),

public_services as (

    select * from {{ ref('int_facility_public_services') }}
    where is_newest_year

),

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

affiliations as (

    select * from {{ ref('int_provider_affiliations_ranked') }}
    where is_open

),

volume as (

    select volumes.*
    from {{ ref('int_provider_volume_summary') }} as volumes
    anti join opted_out
        on volumes.npi = opted_out.npi

),

-- What the facility itself billed in focus families over the trailing year, from the first line of a family on.
billed as (

    select
        services.facility_id,
        services.procedure_family,
        coalesce(
            sum(services.services) filter (
                where services.service_month between windows.window_start_month and windows.window_end_month
            ), 0
        ) as annual_volume
    from services
    cross join windows
    inner join families
        on services.procedure_family = families.procedure_family
    group by services.facility_id, services.procedure_family

),

published as (

    select
        public_services.facility_id,
        public_services.procedure_family,
        public_services.services as annual_volume
    from public_services
    inner join families
        on public_services.procedure_family = families.procedure_family

),

-- Claim lines win for the families that they cover; of the others, the last published year of Medicare stays speaks.
own_volume as (

    select
        coalesce(billed.facility_id, published.facility_id) as facility_id,
        sum(coalesce(billed.annual_volume, published.annual_volume)) as annual_volume,
        case
            when count(billed.facility_id) = count(*) then 'claim_lines'
            when count(billed.facility_id) = 0 then 'public_files'
            else 'claim_lines_and_public_files'
        end as volume_basis
    from billed
    full outer join published
        on
            billed.facility_id = published.facility_id
            and billed.procedure_family = published.procedure_family
    group by coalesce(billed.facility_id, published.facility_id)

),

staffed as (

    select
        affiliations.facility_id,
        count(distinct affiliations.npi) as providers,
        sum(volume.annual_volume) filter (where affiliations.is_primary) as annual_volume
    from affiliations
    left join volume
        on affiliations.npi = volume.npi
    group by affiliations.facility_id

),

-- Where somebody works who opted out, what the others leave of the facility's own volume would be theirs.
guarded as (

    select affiliations.facility_id
    from affiliations
    inner join opted_out
        on affiliations.npi = opted_out.npi
    union distinct
    select working.facility_id
    from {{ ref('int_facilities_staffed') }} as working
    where working.has_opted_out

),

told as (

    select own_volume.*
    from own_volume
    anti join guarded
        on own_volume.facility_id = guarded.facility_id

),

final as (

    select
        coalesce(own_volume.facility_id, staffed.facility_id) as facility_id,
        coalesce(staffed.providers, 0) as providers,
        cast(coalesce(told.annual_volume, staffed.annual_volume) as double) as annual_volume,
        case
            when told.annual_volume is not null then told.volume_basis
            when staffed.annual_volume is not null then 'primary_providers'
        end as volume_basis
    from own_volume
    full outer join staffed
        on own_volume.facility_id = staffed.facility_id
    left join told
        on own_volume.facility_id = told.facility_id

)

select * from final
order by facility_id

with

beginnings as (

    select beginnings.*
    from {{ ref('int_provider_family_beginnings') }} as beginnings
    anti join {{ ref('int_providers_opted_out') }} as opted_out
        on beginnings.npi = opted_out.npi

),

families as (

    select * from {{ ref('int_families_listed') }}

),

volume as (

    select * from {{ ref('int_provider_family_volume') }}

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

trends as (

    select * from {{ source('ml', 'volume_trends') }}

),

affiliations as (

    select * from {{ ref('int_provider_affiliation_summary') }}

),

measured as (

    select
        beginnings.npi,
        beginnings.procedure_family,
        affiliations.primary_facility_id,
        families.is_focus,
        beginnings.authority,
        families.counted,
        -- Public files leave out small numbers: their silence is unknown, that of claim lines zero.
        case
            when volume.npi is not null then volume.annual_volume
            when families.has_claim_line_codes then windows.silent_volume
        end as annual_volume,
        case
            when volume.npi is not null then volume.prior_annual_volume
            when families.has_claim_line_codes then windows.silent_prior_volume
        end as prior_annual_volume,
        trends.growth as volume_trend,
        trends.lower as volume_trend_lower,
        trends.upper as volume_trend_upper,
        coalesce(trends.direction, 'unknown') as volume_direction,
        volume.claims_source,
        beginnings.first_billed_on,
        beginnings.is_new_to_family
    from beginnings
    cross join windows
    inner join families
        on beginnings.procedure_family = families.procedure_family
    left join volume
        on beginnings.npi = volume.npi and beginnings.procedure_family = volume.procedure_family
    left join trends
        on beginnings.npi = trends.npi and beginnings.procedure_family = trends.procedure_family
    left join affiliations
        on beginnings.npi = affiliations.npi

),

-- How much of a facility's procedures hangs on one person: among those whose primary facility it is and who did not opt out.
facilities as (

    select
        primary_facility_id,
        procedure_family,
        cast(sum(cast(annual_volume as decimal(18, 3))) as double) as facility_volume
    from measured
    where primary_facility_id is not null
    group by primary_facility_id, procedure_family

),

final as (

    select
        measured.npi,
        measured.procedure_family,
        measured.primary_facility_id,
        measured.authority,
        measured.counted,
        measured.claims_source,
        measured.annual_volume,
        measured.prior_annual_volume,
        measured.volume_trend,
        measured.volume_trend_lower,
        measured.volume_trend_upper,
        measured.volume_direction,
        measured.annual_volume / nullif(facilities.facility_volume, 0) as facility_share,
        cast(
            case
                when measured.annual_volume > 0 and measured.primary_facility_id is not null
                    then
                        rank() over (
                            partition by measured.primary_facility_id, measured.procedure_family
                            order by measured.annual_volume desc nulls last
                        )
            end as bigint
        ) as rank_at_facility,
        measured.first_billed_on,
        measured.is_focus,
        measured.is_new_to_family
    from measured
    left join facilities
        on
            measured.primary_facility_id = facilities.primary_facility_id
            and measured.procedure_family = facilities.procedure_family

)

select * from final

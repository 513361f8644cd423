with

lines as (

    select * from {{ ref('int_claim_lines_dated') }}
    where is_institutional and facility_npi is not null

),

codes as (

    select * from {{ ref('int_family_codes') }}

),

facility_npis as (

    select * from {{ ref('int_facility_npis') }}

),

-- A stay is one procedure of its DRG's family, however many lines it has; outpatient lines count their quantity.
ranked_stays as (

    select
        lines.facility_npi,
        codes.procedure_family,
        lines.service_month,
        lines.claim_hash,
        cast(1 as decimal(18, 3)) as services,
        row_number() over (
            partition by lines.facility_npi, codes.procedure_family, lines.claim_hash
            order by lines.service_month
        ) as preference
    from lines
    inner join codes
        on
            codes.code_system = 'MS-DRG'
            and lines.ms_drg_code = codes.code
    where lines.superseded_on = {{ for_ever() }}

),

stays as (

    select {{ star_without('preference') }}
    from ranked_stays
    where preference = 1

),

outpatient_lines as (

    select
        lines.facility_npi,
        codes.procedure_family,
        lines.service_month,
        lines.claim_hash,
        lines.quantity as services
    from lines
    inner join codes
        on
            codes.code_system = 'HCPCS'
            and lines.hcpcs_code = codes.code
    where lines.superseded_on = {{ for_ever() }}

),

outpatient_claims as (

    select outpatient_lines.*
    from outpatient_lines
    anti join stays
        on
            outpatient_lines.facility_npi = stays.facility_npi
            and outpatient_lines.procedure_family = stays.procedure_family
            and outpatient_lines.claim_hash = stays.claim_hash

),

either as (

    select * from stays
    union all
    select * from outpatient_claims

),

final as (

    select
        coalesce(facility_npis.facility_id, either.facility_npi) as facility_id,
        either.procedure_family,
        either.service_month,
        cast(sum(either.services) as decimal(18, 3)) as services
    from either
    left join facility_npis
        on either.facility_npi = facility_npis.npi
    group by coalesce(facility_npis.facility_id, either.facility_npi), either.procedure_family, either.service_month

)

select * from final

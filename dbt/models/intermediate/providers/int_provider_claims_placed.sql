with

lines as (

    select * from {{ ref('int_claim_lines_dated') }}
    where superseded_on = {{ for_ever() }} and is_professional and facility_npi is not null

),

facility_npis as (

    select * from {{ ref('int_facility_npis') }}

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

final as (

    select
        lines.rendering_npi as npi,
        coalesce(facility_npis.facility_id, lines.facility_npi) as facility_id,
        lines.claim_hash
    from lines
    inner join windows
        on lines.service_month between windows.window_start_month and windows.window_end_month
    left join facility_npis
        on lines.facility_npi = facility_npis.npi

)

select * from final

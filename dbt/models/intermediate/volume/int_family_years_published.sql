with

families as (

    select distinct
        procedure_family,
        case code_system when 'HCPCS' then 'provider_service' when 'GENERIC-NAME' then 'part_d' end as published_in
    from {{ ref('int_family_codes') }}
    where code_system in ('HCPCS', 'GENERIC-NAME')

),

releases as (

    select * from {{ ref('int_public_releases') }}

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

by_file as (

    select
        families.procedure_family,
        families.published_in,
        snapshots.snapshot_on,
        snapshots.is_current,
        max(releases.data_year) as published_year
    from families
    inner join releases
        on families.published_in = releases.published_in
    inner join snapshots
        on releases.known_on <= snapshots.snapshot_on
    group by families.procedure_family, families.published_in, snapshots.snapshot_on, snapshots.is_current

),

-- A family that two kinds of file speak of has a year when both have published it.
final as (

    select
        procedure_family,
        snapshot_on,
        is_current,
        min(published_year) as published_year
    from by_file
    group by procedure_family, snapshot_on, is_current

)

select * from final

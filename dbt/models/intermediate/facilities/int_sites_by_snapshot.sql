with

sites as (

    select * from {{ ref('int_provider_sites') }}
    where is_registered

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

final as (

    select
        sites.npi,
        snapshots.snapshot_on,
        count(distinct sites.site_id) as facility_count
    from sites
    inner join snapshots
        on snapshots.snapshot_on between sites.valid_from and sites.valid_to
    group by sites.npi, snapshots.snapshot_on

)

select * from final

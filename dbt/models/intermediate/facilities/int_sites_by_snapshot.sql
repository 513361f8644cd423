with

candidates as (

    select * from {{ ref('int_candidate_npis') }}

),

-- Of those alone whom a model may be asked about: they are a tenth of all.
sites as (

    select sites.*
    from {{ ref('int_provider_sites') }} as sites
    semi join candidates
        on sites.npi = candidates.npi
    where sites.is_registered

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

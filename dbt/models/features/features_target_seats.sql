with

associations as (

    select * from {{ ref('int_rep_associations') }}
    where is_in_seat and not is_manager and not is_overlay

),

travel as (

    select
        rep_id,
        min(start_zip5) as start_zip5,
        max(minutes_per_call) as minutes_per_call
    from {{ ref('stg_company__travel') }}
    group by rep_id

),

centroids as (

    select * from {{ ref('stg_reference__zip_centroids') }}

),

final as (

    select distinct
        associations.rep_id,
        associations.territory_id,
        centroids.latitude as start_latitude,
        centroids.longitude as start_longitude,
        cast(travel.minutes_per_call as double) as minutes_per_call
    from associations
    left join travel
        on associations.rep_id = travel.rep_id
    left join centroids
        on travel.start_zip5 = centroids.zip5

)

select * from final
order by rep_id, territory_id

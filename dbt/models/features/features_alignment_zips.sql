with

work as (

    select * from {{ ref('int_zip_work') }}

),

territories as (

    select * from {{ ref('int_territories_known') }}
    where not is_overlay

),

seats as (

    select distinct territory_id
    from {{ ref('int_rep_associations') }}
    where is_in_seat and not is_manager

),

centroids as (

    select * from {{ ref('stg_reference__zip_centroids') }}

),

-- Opportunity is that of the territories mart, without who opted out; hours and relationships are the company's own work.
final as (

    select
        work.territory_id,
        territories.name as territory_name,
        seats.territory_id is not null as has_rep,
        work.zip5,
        centroids.latitude,
        centroids.longitude,
        cast(work.minutes as double) / 60 as workload_hours,
        cast(work.opportunity_usd as double) as opportunity_usd,
        work.relationships,
        work.open_deals,
        work.customers
    from work
    inner join territories
        on work.territory_id = territories.territory_id
    left join seats
        on work.territory_id = seats.territory_id
    left join centroids
        on work.zip5 = centroids.zip5

)

select * from final
order by territory_id asc, zip5 asc nulls last

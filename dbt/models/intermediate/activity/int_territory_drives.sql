with

calls as (

    select *
    from {{ ref('int_call_hours') }}
    where kind <> 'remote' and territory_id is not null

),

centroids as (

    select * from {{ ref('stg_reference__zip_centroids') }}

),

travel as (

    select
        rep_id,
        min(start_zip5) as start_zip5
    from {{ ref('stg_company__travel') }}
    group by rep_id

),

stops as (

    select
        calls.territory_id,
        calls.rep_id,
        calls.called_on,
        calls.called_at,
        calls.call_id,
        centroids.latitude,
        centroids.longitude
    from calls
    left join centroids
        on calls.zip5 = centroids.zip5

),

-- A day starts and ends where the company says, else in the middle of all that the rep visits. The mean is a sum divided, as engines
-- round a mean of decimals differently.
bases as (

    select
        stops.territory_id,
        stops.rep_id,
        coalesce(
            max(centroids.latitude), cast(sum(cast(stops.latitude as decimal(12, 6))) as double) / count(*)
        ) as latitude,
        coalesce(
            max(centroids.longitude), cast(sum(cast(stops.longitude as decimal(12, 6))) as double) / count(*)
        ) as longitude
    from stops
    left join travel
        on stops.rep_id = travel.rep_id
    left join centroids
        on travel.start_zip5 = centroids.zip5
    where stops.latitude is not null
    group by stops.territory_id, stops.rep_id

),

legs as (

    select
        stops.territory_id,
        {{ great_circle_miles(
            'coalesce(lag(stops.latitude) over days, bases.latitude)',
            'coalesce(lag(stops.longitude) over days, bases.longitude)',
            'stops.latitude', 'stops.longitude'
        ) }} as miles_there,
        case
            when lead(stops.latitude) over days is null
                then {{ great_circle_miles('stops.latitude', 'stops.longitude', 'bases.latitude', 'bases.longitude') }}
            else 0
        end as miles_back
    from stops
    inner join bases
        on stops.territory_id = bases.territory_id and stops.rep_id = bases.rep_id
    where stops.latitude is not null
    window
        days as (
            partition by stops.territory_id, stops.rep_id, stops.called_on order by stops.called_at asc, stops.call_id asc
        )

),

driven as (

    select
        territory_id,
        sum(cast(miles_there + miles_back as decimal(18, 6))) as miles
    from legs
    group by territory_id

),

located as (

    select
        territory_id,
        count(*) as calls_in_person,
        count(latitude) as calls_located
    from stops
    group by territory_id

),

-- Calls that lie nowhere are driven to like the others.
final as (

    select
        located.territory_id,
        located.calls_in_person,
        located.calls_located,
        round(
            {{ road_hours('cast(driven.miles as double)') }}
            * cast(located.calls_in_person as double) / nullif(cast(located.calls_located as double), 0), 4
        ) as drive_hours
    from located
    left join driven
        on located.territory_id = driven.territory_id

)

select * from final
order by territory_id

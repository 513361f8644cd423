-- Whatever a territory's sum holds beyond the providers that are shown would be the volume of who opted out.
{{ config(meta={'dagster': {'ref': {'name': 'territories'}}}) }}

with

shown as (

    select
        territory_id,
        sum(annual_volume) as annual_volume
    from {{ ref('providers') }}
    where is_active and territory_id is not null
    group by territory_id

),

territories as (

    select * from {{ ref('territories') }}
    where not is_overlay

)

select
    territories.territory_id,
    territories.annual_volume,
    shown.annual_volume as shown_volume
from territories
left join shown
    on territories.territory_id = shown.territory_id
where abs(territories.annual_volume - coalesce(shown.annual_volume, 0)) > 0.001

with

providers as (

    select * from {{ ref('int_providers_registered') }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

centroids as (

    select * from {{ ref('stg_reference__zip_centroids') }}

),

alignment as (

    select distinct territory_id
    from {{ ref('int_zip_primary_territories') }}

),

reps as (

    select * from {{ ref('int_rep_territories') }}

),

associations as (

    select * from {{ ref('int_rep_associations') }}

),

zips as (

    select
        count(*) as rows_checked,
        count(distinct providers.zip5) filter (where territories.territory_id is null) as without_territory,
        count(distinct providers.zip5) filter (where centroids.zip5 is null) as without_centroid
    from providers
    left join territories
        on providers.npi = territories.npi
    left join centroids
        on providers.zip5 = centroids.zip5

),

-- A rep associated with several territories sits in each, though counted for one.
manned as (

    select territory_id
    from reps
    where is_active

    union

    select territory_id
    from associations
    where is_in_seat and not is_manager

),

unmanned as (

    select
        count(*) as rows_checked,
        count(*) filter (where manned.territory_id is null) as found
    from alignment
    left join manned
        on alignment.territory_id = manned.territory_id

),

final as (

    select
        'company' as source,
        'provider_zips_in_no_territory' as check_name,
        without_territory as found,
        'listed, providers stay in every mart' as expected,
        rows_checked
    from zips

    union all

    select
        'reference' as source,
        'provider_zips_without_coordinates' as check_name,
        without_centroid as found,
        'coordinates empty' as expected,
        rows_checked
    from zips

    union all

    select
        'company' as source,
        'territories_without_rep' as check_name,
        found,
        'listed, sums still add up' as expected,
        rows_checked
    from unmanned

)

select * from final

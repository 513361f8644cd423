-- Who opted out is in no sum of any month: what the others leave of it would be theirs.
with

volume as (

    select snapshots_told.*
    from {{ ref('int_volume_by_snapshot') }} as snapshots_told
    anti join {{ ref('int_providers_opted_out') }} as opted_out
        on snapshots_told.npi = opted_out.npi
    where snapshots_told.volume_12m > 0

),

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus

),

stated as (

    select * from {{ ref('int_providers_stated') }}

),

-- Whom no register holds is where the CRM says.
providers as (

    select
        intervals.npi,
        coalesce(intervals.zip5, stated.zip5) as zip5,
        intervals.inactive_from,
        intervals.inactive_until,
        intervals.known_on,
        intervals.superseded_on
    from {{ ref('int_provider_intervals') }} as intervals
    left join stated
        on intervals.npi = stated.npi

),

orders as (

    select * from {{ ref('int_orders_activated') }}
    where npi is not null

),

-- The last day of each month, of the running one as_of.
days as (

    select snapshot_on from {{ ref('int_snapshots') }}

),

sold as (

    select
        orders.npi,
        orders.procedure_family,
        days.snapshot_on,
        sum(orders.quantity) as own_quantity,
        sum(orders.amount_usd) as orders_usd
    from orders
    inner join days
        on
            orders.ordered_on <= days.snapshot_on
            and orders.ordered_on > {{ months_after('days.snapshot_on', '-12') }}
    group by orders.npi, orders.procedure_family, days.snapshot_on

),

-- What a provider's yearly procedures would earn, and how much of them is not ours yet. Summed before ZIPs are looked up: over few days
-- DuckDB would join every provider with every ZIP first.
earned as (

    select
        providers.zip5,
        volume.snapshot_on,
        volume.npi,
        sum(cast(volume.volume_12m as decimal(18, 3)) * coalesce(families.revenue_per_procedure_usd, 0)) as potential_usd,
        sum(
            cast(greatest(volume.volume_12m - coalesce(sold.own_quantity, 0), 0) as decimal(18, 3))
            * coalesce(families.revenue_per_procedure_usd, 0)
        ) as open_usd,
        coalesce(sum(sold.orders_usd), 0) as orders_usd
    from volume
    inner join providers
        on
            volume.npi = providers.npi
            and volume.snapshot_on >= providers.known_on
            and volume.snapshot_on < providers.superseded_on
    inner join families
        on volume.procedure_family = families.procedure_family
    left join sold
        on
            volume.npi = sold.npi
            and volume.procedure_family = sold.procedure_family
            and volume.snapshot_on = sold.snapshot_on
    where not coalesce(providers.inactive_from <= volume.snapshot_on and providers.inactive_until > volume.snapshot_on, false)
    group by providers.zip5, volume.snapshot_on, volume.npi

),

zip_days as (

    select distinct
        zip5,
        snapshot_on
    from earned
    where zip5 is not null

),

placed as (

    {{ zips_placed('zip_days', 'snapshot_on') }}

),

by_provider as (

    select
        placed.territory_id,
        earned.snapshot_on,
        earned.npi,
        earned.potential_usd,
        earned.open_usd,
        earned.orders_usd
    from earned
    inner join placed
        on earned.zip5 = placed.zip5 and earned.snapshot_on = placed.snapshot_on and placed.preference = 1
    where placed.territory_id is not null

),

in_millions as (

    select
        *,
        cast(potential_usd as double) / 1000000 as potential_musd,
        cast(orders_usd as double) / 1000000 as orders_musd
    from by_provider

),

-- The squares tell how much of a territory's orders hangs on which of its providers happen to be customers.
final as (

    select
        territory_id,
        snapshot_on,
        {{ month_start('snapshot_on') }} as month,
        count(*) as potential_providers,
        cast(sum(potential_usd) as double) as potential_usd,
        cast(sum(open_usd) as double) as opportunity_usd,
        cast(sum(orders_usd) as double) as provider_orders_usd,
        cast(sum(cast(pow(potential_musd, 2) as decimal(28, 9))) as double) as potential_squares,
        cast(sum(cast(potential_musd * orders_musd as decimal(28, 9))) as double) as potential_by_orders,
        cast(sum(cast(pow(orders_musd, 2) as decimal(28, 9))) as double) as orders_squares
    from in_millions
    group by territory_id, snapshot_on

)

select * from final
order by territory_id, snapshot_on

with

payments as (

    select * from {{ ref('int_general_payments') }}
    where relation = 'competitor' and npi is not null and not is_disputed

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

by_manufacturer as (

    select
        payments.npi,
        snapshots.snapshot_on,
        payments.manufacturer,
        count(*) as payments_36m,
        sum(payments.amount_usd) as usd_36m,
        sum(payments.amount_usd) filter (where payments.paid_on > snapshots.snapshot_on - interval 12 months) as usd_12m,
        max(payments.paid_on) as last_paid_on
    from payments
    inner join snapshots
        on
            payments.known_on <= snapshots.snapshot_on
            and payments.superseded_on > snapshots.snapshot_on
            and payments.paid_on > snapshots.snapshot_on - interval 36 months
            and payments.paid_on <= snapshots.snapshot_on
    group by payments.npi, snapshots.snapshot_on, payments.manufacturer

),

ranked_by_provider as (

    select
        *,
        sum(payments_36m) over provider_days as competitor_payments_36m,
        sum(usd_36m) over provider_days as competitor_36m_usd,
        coalesce(sum(usd_12m) over provider_days, 0) as competitor_12m_usd,
        row_number() over (partition by npi, snapshot_on order by usd_36m desc, manufacturer asc) as preference
    from by_manufacturer
    window provider_days as (partition by npi, snapshot_on)

),

by_provider as (

    select *
    from ranked_by_provider
    where preference = 1

),

final as (

    select
        npi,
        snapshot_on,
        cast(competitor_payments_36m as bigint) as competitor_payments_36m,
        cast(competitor_36m_usd as double) as competitor_payments_36m_usd,
        cast(competitor_12m_usd as double) as competitor_payments_12m_usd,
        {{ lock_in('usd_36m', 'competitor_36m_usd', 'last_paid_on', 'snapshot_on') }} as competitor_lock_in
    from by_provider

)

select * from final

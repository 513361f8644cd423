with

payments as (

    select * from {{ ref('int_related_payments') }}
    where relation = 'competitor'

),

releases as (

    select * from {{ ref('int_payment_releases') }}
    where payment_kind = 'general'

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

news as (

    select known_on as news_on from payments

    union

    select superseded_on as news_on from payments

),

-- A year becomes public whole and once: windows that end with the day would hold most money on the day of publication and least before it.
windows as (

    select
        snapshots.snapshot_on,
        least(make_date(max(releases.program_year), 12, 31), snapshots.snapshot_on) as window_ends_on
    from snapshots
    inner join releases
        on snapshots.snapshot_on >= releases.known_on
    group by snapshots.snapshot_on

),

days as (

    select
        windows.snapshot_on,
        windows.window_ends_on,
        max(news.news_on) as newest_on
    from windows
    inner join news
        on windows.snapshot_on >= news.news_on
    group by windows.snapshot_on, windows.window_ends_on

),

-- Between two publications nothing moves, so payments are summed once for all days between them.
states as (

    select distinct
        newest_on,
        window_ends_on
    from days

),

by_manufacturer as (

    select
        payments.npi,
        states.newest_on,
        states.window_ends_on,
        payments.manufacturer,
        count(*) as payments_36m,
        sum(payments.amount_usd) as usd_36m,
        sum(payments.amount_usd) filter (where payments.paid_on > states.window_ends_on - interval 12 months) as usd_12m,
        max(payments.paid_on) as last_paid_on
    from payments
    inner join states
        on
            payments.known_on <= states.newest_on
            and payments.superseded_on > states.newest_on
            and payments.paid_on > states.window_ends_on - interval 36 months
            and payments.paid_on <= states.window_ends_on
    group by payments.npi, states.newest_on, states.window_ends_on, payments.manufacturer

),

ranked_by_provider as (

    select
        *,
        sum(payments_36m) over provider_states as competitor_payments_36m,
        sum(usd_36m) over provider_states as competitor_36m_usd,
        coalesce(sum(usd_12m) over provider_states, 0) as competitor_12m_usd,
        row_number() over (partition by npi, newest_on, window_ends_on order by usd_36m desc, manufacturer asc) as preference
    from by_manufacturer
    window provider_states as (partition by npi, newest_on, window_ends_on)

),

by_provider as (

    select *
    from ranked_by_provider
    where preference = 1

),

final as (

    select
        by_provider.npi,
        days.snapshot_on,
        cast(by_provider.competitor_payments_36m as bigint) as competitor_payments_36m,
        cast(by_provider.competitor_36m_usd as double) as competitor_payments_36m_usd,
        cast(by_provider.competitor_12m_usd as double) as competitor_payments_12m_usd,
        {{ lock_in(
            'by_provider.usd_36m', 'by_provider.competitor_36m_usd', 'by_provider.last_paid_on', 'by_provider.window_ends_on'
        ) }} as competitor_lock_in
    from by_provider
    inner join days
        on by_provider.newest_on = days.newest_on and by_provider.window_ends_on = days.window_ends_on

)

select * from final

with

candidates as (

    select * from {{ ref('int_provider_family_candidates') }}

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

volume as (

    select * from {{ ref('int_volume_by_snapshot') }}

),

payments as (

    select * from {{ ref('int_payments_by_snapshot') }}

),

sites as (

    select * from {{ ref('int_sites_by_snapshot') }}

),

contracts as (

    select * from {{ ref('int_contracts_by_snapshot') }}

),

activity as (

    select * from {{ ref('int_activity_by_snapshot') }}

),

access as (

    select * from {{ ref('int_access_by_snapshot') }}

),

peers as (

    select * from {{ ref('int_peers_by_snapshot') }}

),

totals as (

    select
        npi,
        snapshot_on,
        sum(volume_12m) as volume_12m
    from volume
    group by npi, snapshot_on

),

-- Who could have been asked on each day, as they were known then: active, and of the family or of a specialty that holds it.
days as (

    select
        candidates.*,
        snapshots.snapshot_on,
        snapshots.is_current,
        snapshots.is_affiliation_known,
        snapshots.is_sharing_known,
        snapshots.has_claims_24m,
        -- Claim lines that reach back over the window make silence a zero.
        case when snapshots.has_claims_12m then 0 end as silent_12m,
        case when snapshots.has_claims_24m then 0 end as silent_prior,
        case when snapshots.has_claims_year_ago then 0 end as silent_year_ago
    from candidates
    inner join snapshots
        on
            candidates.known_on <= snapshots.snapshot_on
            and candidates.superseded_on > snapshots.snapshot_on
            and candidates.candidate_from <= snapshots.snapshot_on
            and coalesce(candidates.enumerated_on <= snapshots.snapshot_on, true)
            and not coalesce(
                candidates.inactive_from <= snapshots.snapshot_on and candidates.inactive_until > snapshots.snapshot_on, false
            )

),

zip_days as (

    select distinct
        zip5,
        snapshot_on
    from days
    where zip5 is not null

),

territories as (

    {{ zips_placed('zip_days', 'snapshot_on') }}

),

joined as (

    select
        days.npi,
        days.procedure_family,
        days.snapshot_on,
        days.is_current,
        territories.territory_id,
        days.state,
        days.specialty,
        cast(coalesce(volume.volume_12m, days.silent_12m) as double) as volume_12m,
        cast(coalesce(volume.prior_volume_12m, days.silent_prior) as double) as prior_volume_12m,
        cast(coalesce(volume.volume_3m, days.silent_12m) as double) as volume_3m,
        cast(coalesce(volume.volume_3m_year_ago, days.silent_year_ago) as double) as volume_3m_year_ago,
        cast(coalesce(volume.active_months_12m, days.silent_12m) as bigint) as active_months_12m,
        cast(coalesce(totals.volume_12m, 0) - coalesce(volume.volume_12m, 0) as double) as other_family_volume_12m,
        {{ months_between('days.enumerated_on', 'days.snapshot_on') }} as months_since_enumerated,
        days.has_claims_24m
        and coalesce(days.claims_known_from <= days.snapshot_on, false)
        and coalesce(days.claims_old_from > days.snapshot_on, true)
        and coalesce(days.public_known_from > days.snapshot_on, true) as is_new_to_family,
        coalesce(payments.competitor_payments_36m, 0) as competitor_payments_36m,
        coalesce(payments.competitor_payments_36m_usd, 0) as competitor_payments_36m_usd,
        coalesce(payments.competitor_payments_12m_usd, 0) as competitor_payments_12m_usd,
        coalesce(payments.competitor_lock_in, 0) as competitor_lock_in,
        -- Before the first copy of the affiliation list, facilities are unknown.
        case when days.is_affiliation_known then coalesce(sites.facility_count, 0) end as facility_count,
        case
            when days.is_affiliation_known then coalesce(contracts.has_competitor_contract, false)
            else contracts.has_competitor_contract
        end as has_competitor_contract,
        case
            when days.is_affiliation_known then coalesce(contracts.has_own_contract, false)
            else contracts.has_own_contract
        end as has_own_contract,
        contracts.days_to_competitor_contract_end,
        coalesce(activity.calls_3m, 0) as calls_3m,
        coalesce(activity.calls_12m, 0) as calls_12m,
        coalesce(activity.calls_ever, 0) as calls_ever,
        coalesce(activity.trials_12m, 0) as trials_12m,
        coalesce(activity.marketing_responses_12m, 0) as marketing_responses_12m,
        coalesce(activity.marketing_touches_12m, 0) as marketing_touches_12m,
        coalesce(access.is_access_closed, false) as is_access_closed,
        coalesce(access.missed_calls_12m, 0) as missed_calls_12m,
        case when days.is_sharing_known then coalesce(peers.peer_count, 0) end as peer_count,
        case when days.is_sharing_known then coalesce(peers.peers_adopted, 0) end as peers_adopted,
        case when days.is_affiliation_known then coalesce(peers.facility_adopters, 0) end as facility_adopters
    from days
    left join territories
        on days.zip5 = territories.zip5 and days.snapshot_on = territories.snapshot_on and territories.preference = 1
    left join volume
        on
            days.npi = volume.npi
            and days.procedure_family = volume.procedure_family
            and days.snapshot_on = volume.snapshot_on
    left join totals
        on days.npi = totals.npi and days.snapshot_on = totals.snapshot_on
    left join payments
        on days.npi = payments.npi and days.snapshot_on = payments.snapshot_on
    left join sites
        on days.npi = sites.npi and days.snapshot_on = sites.snapshot_on
    left join contracts
        on
            days.npi = contracts.npi
            and days.procedure_family = contracts.procedure_family
            and days.snapshot_on = contracts.snapshot_on
    left join activity
        on days.npi = activity.npi and days.snapshot_on = activity.snapshot_on
    left join access
        on days.npi = access.npi and days.snapshot_on = access.snapshot_on
    left join peers
        on days.npi = peers.npi and days.snapshot_on = peers.snapshot_on

),

medians as (

    select
        specialty,
        procedure_family,
        snapshot_on,
        median(volume_12m) as specialty_median_volume
    from joined
    where volume_12m > 0
    group by specialty, procedure_family, snapshot_on

),

final as (

    select
        joined.*,
        medians.specialty_median_volume
    from joined
    left join medians
        on
            joined.specialty is not distinct from medians.specialty
            and joined.procedure_family = medians.procedure_family
            and joined.snapshot_on = medians.snapshot_on

)

select * from final
order by snapshot_on, npi, procedure_family

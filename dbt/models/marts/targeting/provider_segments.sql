with

providers as (

    select * from {{ ref('providers') }}
    where is_active

),

families as (

    select * from {{ ref('provider_families') }}
    where is_focus

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

orders as (

    select * from {{ ref('int_orders_activated') }}
    where npi is not null and ordered_on > {{ as_of() }} - interval 12 month

),

focus as (

    select procedure_family from {{ ref('int_families_listed') }}
    where is_focus

),

-- A contract that names no family covers all.
contracts as (

    select distinct contracts.facility_id
    from {{ ref('facility_contracts') }} as contracts
    left join focus
        on contracts.procedure_family = focus.procedure_family
    where
        contracts.relation = 'competitor' and contracts.is_running
        and (contracts.procedure_family is null or focus.procedure_family is not null)

),

-- Whoever keeps prescriber-level data from sales forces is in no group that tells of volume, nor in the sums behind it.
measured as (

    select
        families.npi,
        families.procedure_family,
        cast(families.annual_volume as decimal(18, 3)) as annual_volume
    from families
    inner join providers
        on families.npi = providers.npi
    left join opted_out
        on families.npi = opted_out.npi
    where opted_out.npi is null and families.annual_volume > 0

),

-- The share of a family's market that providers with more volume hold; equal volumes stand together.
placed as (

    select
        npi,
        procedure_family,
        cast(
            sum(annual_volume)
                over (
                    partition by procedure_family
                    order by annual_volume desc
                    range between unbounded preceding and current row
                )
            - sum(annual_volume) over (partition by procedure_family, annual_volume) as double
        )
        / cast(sum(annual_volume) over (partition by procedure_family) as double) as share_above
    from measured

),

bands as (

    select
        npi,
        min(share_above) as share_above
    from placed
    group by npi

),

-- One competitor's meal is no tie: only money that is much among those who hold volume and are paid.
paid as (

    select
        npi,
        percent_rank() over (order by competitor_payments_usd) >= 0.75 as is_much
    from providers
    where competitor_payments_usd > 0 and npi in (select bands.npi from bands)

),

beginnings as (

    select
        npi,
        bool_and(counted = 'prescriptions') as is_of_drugs
    from families
    where is_new_to_family
    group by npi

),

own as (

    select
        orders.npi,
        cast(sum(case when focus.procedure_family is not null then orders.quantity else 0 end) as double) as own_quantity
    from orders
    left join focus
        on orders.procedure_family = focus.procedure_family
    group by orders.npi

),

described as (

    select
        providers.npi,
        opted_out.npi is not null as is_unprofiled,
        case
            when bands.share_above < 0.5 then 'high'
            when bands.share_above < 0.8 then 'middle'
            when bands.share_above is not null then 'low'
            when providers.annual_volume = 0 then 'none'
            else 'unknown'
        end as volume_band,
        providers.volume_direction,
        providers.is_new_to_family,
        coalesce(beginnings.is_of_drugs, false) as is_new_to_drug,
        providers.is_customer,
        own.own_quantity,
        own.own_quantity / nullif(providers.annual_volume, 0) as own_share,
        case
            when providers.competitor_lock_in >= 0.5 and paid.is_much and contracts.facility_id is not null
                then 'payments and contract'
            when providers.competitor_lock_in >= 0.5 and paid.is_much then 'payments'
            when contracts.facility_id is not null then 'contract'
            else 'none'
        end as competitor_tie
    from providers
    left join opted_out
        on providers.npi = opted_out.npi
    left join bands
        on providers.npi = bands.npi
    left join beginnings
        on providers.npi = beginnings.npi
    left join paid
        on providers.npi = paid.npi
    left join own
        on providers.npi = own.npi
    left join contracts
        on providers.primary_facility_id = contracts.facility_id

),

final as (

    select
        npi,
        case
            when is_unprofiled then 'Not profiled'
            when is_customer and own_quantity is null then 'Customer gone quiet'
            when is_customer and own_share >= 0.5 then 'Customer, mostly ours'
            when is_customer and own_share is not null then 'Customer with room to grow'
            when is_customer then 'Customer, share unknown'
            when is_new_to_family and is_new_to_drug then 'New to the drug'
            when is_new_to_family then 'New to the procedure'
            when volume_band = 'high' and competitor_tie <> 'none' then 'High volume, tied to a competitor'
            when volume_band = 'high' then 'High volume, open'
            when volume_band in ('middle', 'low') and volume_direction = 'gaining' then 'Growing towards high volume'
            when volume_band = 'middle' and competitor_tie <> 'none' then 'Middle volume, tied to a competitor'
            when volume_band = 'middle' then 'Middle volume, open'
            when volume_band = 'low' then 'Low volume'
            when volume_band = 'none' then 'No volume in the last year'
            else 'Volume unknown'
        end as segment,
        case when not is_unprofiled then volume_band end as volume_band,
        case when not is_unprofiled then competitor_tie end as competitor_tie,
        case when not is_unprofiled and is_customer then own_share end as own_share
    from described

)

select * from final
order by npi

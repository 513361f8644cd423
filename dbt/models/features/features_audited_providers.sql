with

providers as (

    select * from {{ ref('int_providers_registered') }}
    where is_active and is_individual

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

volume as (

    select * from {{ ref('int_provider_volume_summary') }}

),

customers as (

    select npi from {{ ref('int_first_orders') }}

),

paid as (

    select
        npi,
        cast(sum(amount_usd) as double) as own_payments_36m_usd,
        -- Meals, travel, teaching and speaking: what is paid to whoever comes to an event or holds it.
        count(distinct case
            when {{ matches('lower(nature)', 'food|beverage|travel|lodging|education|entertainment|honorari|speaker|faculty') }}
                then paid_on
        end) as own_attendance_days_36m
    from {{ ref('int_related_payments') }}
    where
        relation = 'own' and superseded_on = {{ for_ever() }}
        and paid_on > {{ months_after(as_of(), '-36') }}
    group by npi

),

-- Compliance may know what the field may not: who opted out is judged like everybody.
final as (

    select
        providers.npi,
        territories.territory_id,
        providers.specialty,
        cast(volume.annual_volume as double) as volume_12m,
        customers.npi is not null as is_customer,
        coalesce(paid.own_payments_36m_usd, 0) as own_payments_36m_usd,
        coalesce(paid.own_attendance_days_36m, 0) as own_attendance_days_36m
    from providers
    left join territories
        on providers.npi = territories.npi
    left join volume
        on providers.npi = volume.npi
    left join customers
        on providers.npi = customers.npi
    left join paid
        on providers.npi = paid.npi

)

select * from final
order by npi

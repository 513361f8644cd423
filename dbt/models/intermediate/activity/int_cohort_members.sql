with

providers as (

    select * from {{ ref('int_providers_registered') }}

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

first_orders as (

    select * from {{ ref('int_first_orders') }}

),

calls as (

    select * from {{ ref('int_calls') }}
    where is_kept and npi is not null

),

touches as (

    select * from {{ ref('int_campaign_touches') }}
    where npi is not null

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

first_calls as (

    select
        npi,
        min(called_on) as first_called_on
    from calls
    group by npi

),

events as (

    select
        first_orders.npi,
        'first order' as cohort_kind,
        {{ quarter_start('first_orders.first_order_on', 'settings.fiscal_year_start_month') }} as began_on
    from first_orders
    cross join settings

    union all

    select
        first_calls.npi,
        'first call' as cohort_kind,
        {{ quarter_start('first_calls.first_called_on', 'settings.fiscal_year_start_month') }} as began_on
    from first_calls
    cross join settings

),

named as (

    select
        npi,
        cohort_kind,
        began_on,
        case cohort_kind when 'first order' then 'First order' else 'First called' end
        || ' in the quarter from ' || cast(began_on as string) as cohort
    from events

    union all

    select distinct
        npi,
        'campaign' as cohort_kind,
        cast(null as date) as began_on,
        'Campaign: ' || campaign as cohort
    from touches

    union all

    select
        npi,
        'specialty' as cohort_kind,
        cast(null as date) as began_on,
        'Specialty: ' || specialty as cohort
    from providers
    where specialty is not null

),

-- Whoever keeps prescriber-level data from sales forces is in no cohort.
final as (

    select
        named.cohort,
        named.cohort_kind,
        named.began_on,
        named.npi
    from named
    left join opted_out
        on named.npi = opted_out.npi
    where opted_out.npi is null

)

select * from final

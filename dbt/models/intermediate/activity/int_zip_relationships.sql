with

alignment as (

    select * from {{ ref('int_zip_primary_territories') }}

),

calls as (

    select * from {{ ref('int_call_hours') }}

),

deals as (

    select *
    from {{ ref('int_opportunities_rebuilt') }}
    where not is_closed

),

orders as (

    select * from {{ ref('int_orders_activated') }}

),

providers as (

    select * from {{ ref('int_providers_registered') }}

),

accounts as (

    select * from {{ ref('int_crm_accounts_united') }}

),

sales as (

    select
        territory_id,
        npi,
        account_id,
        opportunity_id,
        false as is_customer
    from deals

    union all

    select
        territory_id,
        npi,
        account_id,
        cast(null as string) as opportunity_id,
        true as is_customer
    from orders

),

held as (

    select
        territory_id,
        zip5,
        subject_id,
        cast(null as string) as opportunity_id,
        false as is_customer
    from calls

    union all

    select
        sales.territory_id,
        coalesce(providers.zip5, accounts.zip5) as zip5,
        coalesce(sales.npi, sales.account_id) as subject_id,
        sales.opportunity_id,
        sales.is_customer
    from sales
    left join providers
        on sales.npi = providers.npi
    left join accounts
        on sales.account_id = accounts.account_id

),

-- Calls and deals of other territories' reps go on whoever holds the ZIP; a customer is one whoever sold.
final as (

    select
        alignment.zip5,
        count(distinct held.subject_id) as relationships,
        count(distinct held.opportunity_id) as open_deals,
        count(distinct case when held.is_customer then held.subject_id end) as customers
    from alignment
    inner join held
        on alignment.zip5 = held.zip5
    where held.is_customer or held.territory_id = alignment.territory_id
    group by alignment.zip5

)

select * from final
order by zip5

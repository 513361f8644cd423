with

providers as (

    select *
    from {{ ref('int_providers_registered') }}
    where is_individual

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

possible as (

    select * from {{ ref('int_contacts_possible') }}

),

withheld as (

    -- Who was called often enough this quarter can be reached.
    select distinct npi from {{ ref('int_providers_withheld') }}
    where rule <> 'frequency_cap'

),

first_orders as (

    select * from {{ ref('int_first_orders') }}

),

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept and called_on > {{ as_of() }} - interval 12 month

),

own_volume as (

    select
        npi,
        cast(sum(quantity) as double) as own_quantity_12m
    from {{ ref('int_orders_activated') }}
    where npi is not null and ordered_on > {{ as_of() }} - interval 12 month
    group by npi

),

called as (

    select
        npi,
        count(*) as calls_12m
    from calls
    where npi is not null
    group by npi

),

-- Unjoined is not uncalled: a call on a record that could be this provider counts against "nobody calls".
possibly_called as (

    select distinct possible.npi
    from possible
    inner join calls
        on possible.contact_id = calls.contact_id

),

linked as (

    select
        npi,
        case when bool_or(link_method = 'npi') then 'npi' else 'matched' end as crm_link_method
    from contacts
    where npi is not null
    group by npi

),

final as (

    select
        providers.npi,
        territories.territory_id,
        first_orders.npi is not null as is_customer,
        withheld.npi is null as is_reachable,
        coalesce(called.calls_12m, 0) as calls_12m,
        called.npi is null and possibly_called.npi is null as is_uncalled,
        coalesce(own_volume.own_quantity_12m, 0) as own_quantity_12m,
        coalesce(linked.crm_link_method, 'none') as crm_link_method
    from providers
    left join territories
        on providers.npi = territories.npi
    left join first_orders
        on providers.npi = first_orders.npi
    left join withheld
        on providers.npi = withheld.npi
    left join called
        on providers.npi = called.npi
    left join possibly_called
        on providers.npi = possibly_called.npi
    left join own_volume
        on providers.npi = own_volume.npi
    left join linked
        on providers.npi = linked.npi

)

select * from final
order by npi

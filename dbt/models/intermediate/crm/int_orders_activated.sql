with

orders as (

    select *
    from {{ ref('stg_salesforce__orders') }}
    where status = 'activated' and ordered_on <= {{ as_of() }}

),

items as (

    select * from {{ ref('stg_salesforce__order_items') }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

seats as (

    select * from {{ ref('int_rep_seats') }}

),

-- What the CRM books without a family counts for the first focus family of the company's file.
first_focus as (

    select {{ value_at_smallest('procedure_family', 'file_row') }} as procedure_family
    from {{ ref('stg_company__procedure_families') }}
    where is_focus

),

-- One row an order and family; an order without lines is one row of its total.
by_family as (

    select
        orders.order_id,
        coalesce(items.procedure_family, first_focus.procedure_family, 'unknown') as procedure_family,
        cast(sum(items.quantity) as decimal(18, 3)) as quantity,
        cast(
            case
                when count(items.order_item_id) = 0 then max(orders.total_amount_usd)
                else sum(items.quantity * items.unit_price_usd)
            end as decimal(18, 5)
        ) as amount_usd
    from orders
    cross join first_focus
    left join items
        on orders.order_id = items.order_id
    group by orders.order_id, coalesce(items.procedure_family, first_focus.procedure_family, 'unknown')

),

final as (

    select
        by_family.order_id,
        by_family.procedure_family,
        coalesce(contacts.npi, persons.npi) as npi,
        orders.account_id,
        orders.owner_id as rep_id,
        seats.territory_id,
        orders.ordered_on,
        by_family.quantity,
        by_family.amount_usd,
        orders.ordered_on as known_on
    from by_family
    inner join orders
        on by_family.order_id = orders.order_id
    left join contacts
        on orders.contact_id = contacts.contact_id
    left join contacts as persons
        on orders.account_id = persons.contact_id
    left join seats
        on orders.owner_id = seats.rep_id and orders.ordered_on between seats.valid_from and seats.valid_to

)

select * from final
order by order_id, procedure_family

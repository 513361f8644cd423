with

contacts as (

    select * from {{ ref('int_contacts_linked') }}
    where npi is not null

),

calls as (

    select * from {{ ref('int_calls') }}
    where is_kept and npi is not null and called_on <= {{ as_of() }}

),

-- Of several records of one provider, the surest stands for them, then the lowest Id.
ranked_links as (

    select
        npi,
        contact_id,
        link_method,
        link_probability,
        row_number() over (
            partition by npi
            order by link_method = 'npi' desc, link_probability desc nulls last, contact_id asc
        ) as preference
    from contacts

),

links as (

    select *
    from ranked_links
    where preference = 1

),

called as (

    select
        npi,
        max(called_on) as last_called_on,
        count(*) filter (where called_on > {{ as_of() }} - interval 12 months) as calls_12m
    from calls
    group by npi

),

final as (

    select
        coalesce(links.npi, called.npi) as npi,
        links.contact_id,
        links.link_method,
        links.link_probability,
        called.last_called_on,
        coalesce(called.calls_12m, 0) as calls_12m
    from links
    full outer join called
        on links.npi = called.npi

)

select * from final
order by npi

with

candidates as (

    select * from {{ ref('int_candidate_npis') }}

),

sites as (

    select * from {{ ref('int_provider_sites') }}
    where is_registered

),

first_orders as (

    select * from {{ ref('int_first_orders') }}

),

-- The days of one facility on which both are there and the other is a customer.
shared as (

    select distinct
        sites.npi as provider_npi,
        first_orders.npi,
        greatest(sites.valid_from, theirs.valid_from, first_orders.first_order_on) as holds_from,
        least(sites.valid_to, theirs.valid_to) as valid_to
    from first_orders
    inner join sites as theirs
        on first_orders.npi = theirs.npi
    inner join sites
        on theirs.site_id = sites.site_id and theirs.npi <> sites.npi
    semi join candidates
        on sites.npi = candidates.npi
    where greatest(sites.valid_from, theirs.valid_from, first_orders.first_order_on) <= least(sites.valid_to, theirs.valid_to)

),

followed as (

    select
        *,
        max(valid_to) over (
            partition by provider_npi, npi
            order by holds_from asc, valid_to asc
            rows between unbounded preceding and 1 preceding
        ) as reached_before
    from shared

),

-- A colleague of two facilities is one colleague on every day; whom the provider no longer meets anywhere is none until they meet again.
numbered as (

    select
        *,
        sum(case when holds_from - 1 <= reached_before then 0 else 1 end) over (
            partition by provider_npi, npi
            order by holds_from asc, valid_to asc
            rows between unbounded preceding and current row
        ) as stretch
    from followed

),

final as (

    select
        provider_npi,
        npi,
        min(holds_from) as holds_from,
        least(max(valid_to), {{ for_ever() }} - 1) + 1 as holds_until
    from numbered
    group by provider_npi, npi, stretch

)

select * from final

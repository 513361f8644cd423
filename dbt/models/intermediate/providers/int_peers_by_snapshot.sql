with

peers as (

    select * from {{ ref('int_candidate_peers') }}

),

first_orders as (

    select * from {{ ref('int_first_orders') }}

),

colleagues as (

    select * from {{ ref('int_colleagues_adopted') }}

),

snapshots as (

    select * from {{ ref('int_snapshots') }}

),

neighbours as (

    select
        npi,
        known_on as holds_from,
        superseded_on as holds_until,
        count(*) as peer_count,
        0 as peers_adopted,
        0 as facility_adopters
    from peers
    group by npi, known_on, superseded_on

),

adopted_neighbours as (

    select
        peers.npi,
        greatest(peers.known_on, first_orders.first_order_on) as holds_from,
        peers.superseded_on as holds_until,
        0 as peer_count,
        count(*) as peers_adopted,
        0 as facility_adopters
    from peers
    inner join first_orders
        on peers.peer_npi = first_orders.npi
    group by peers.npi, greatest(peers.known_on, first_orders.first_order_on), peers.superseded_on

),

adopted_colleagues as (

    select
        provider_npi as npi,
        holds_from,
        holds_until,
        0 as peer_count,
        0 as peers_adopted,
        count(*) as facility_adopters
    from colleagues
    group by provider_npi, holds_from, holds_until

),

stretches as (

    select * from neighbours
    union all
    select * from adopted_neighbours
    union all
    select * from adopted_colleagues

),

final as (

    select
        stretches.npi,
        snapshots.snapshot_on,
        cast(sum(stretches.peer_count) as bigint) as peer_count,
        cast(sum(stretches.peers_adopted) as bigint) as peers_adopted,
        cast(sum(stretches.facility_adopters) as bigint) as facility_adopters
    from stretches
    inner join snapshots
        on
            stretches.holds_from <= snapshots.snapshot_on
            and stretches.holds_until > snapshots.snapshot_on
    group by stretches.npi, snapshots.snapshot_on

)

select * from final

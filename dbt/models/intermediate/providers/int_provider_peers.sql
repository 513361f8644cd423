with

copies as (

    select * from {{ ref('int_peer_copies') }}

),

-- A pair is one in whichever order a copy names it, and stands in both directions below.
pairs as (

    select distinct
        least(shared.npi_1, shared.npi_2) as lower_npi,
        greatest(shared.npi_1, shared.npi_2) as higher_npi,
        copies.known_on,
        copies.superseded_on
    from {{ ref('stg_registry__shared_patients') }} as shared
    inner join copies
        on
            shared.data_year is not distinct from copies.data_year
            and shared.released_on is not distinct from copies.released_on
    where shared.npi_1 <> shared.npi_2

),

final as (

    select
        lower_npi as npi,
        higher_npi as peer_npi,
        known_on,
        superseded_on
    from pairs

    union all

    select
        higher_npi as npi,
        lower_npi as peer_npi,
        known_on,
        superseded_on
    from pairs

)

select * from final

-- Peers of those alone whom a model may be asked about: a seventh of all, looked for when one of the two changes and not on each day.
select
    peers.npi,
    peers.peer_npi,
    peers.known_on,
    peers.superseded_on
from {{ ref('int_provider_peers') }} as peers
semi join {{ ref('int_candidate_npis') }} as candidates
    on peers.npi = candidates.npi

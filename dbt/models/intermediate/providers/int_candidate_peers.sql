-- Peers of those alone whom a model may be asked about: a seventh of all, looked for when one of the two changes and not on each day.
select peers.*
from {{ ref('int_provider_peers') }} as peers
semi join {{ ref('int_candidate_npis') }} as candidates
    on peers.npi = candidates.npi

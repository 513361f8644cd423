-- Whom a focus family may concern on any day: what asks no more than that is built anew only when somebody joins or leaves them.
select distinct npi
from {{ ref('int_provider_family_candidates') }}
order by npi

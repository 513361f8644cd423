with

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

checked as (

    select * from {{ ref('int_contact_npis_checked') }}

),

-- What is expected of a CRM before it is seen: how often each level of agreement is met when both are one person.
expected (field, level, share) as (

    values
    ('last_name', 'exact', 0.88),
    ('last_name', 'former', 0.04),
    ('last_name', 'part', 0.04),
    ('last_name', 'misspelt', 0.03),
    ('last_name', 'differs', 0.01),
    ('first_name', 'exact', 0.72),
    ('first_name', 'familiar', 0.15),
    ('first_name', 'initial', 0.08),
    ('first_name', 'misspelt', 0.03),
    ('first_name', 'differs', 0.02),
    ('place', 'zip', 0.65),
    ('place', 'city', 0.15),
    ('place', 'state', 0.15),
    ('place', 'differs', 0.05),
    ('specialty', 'same', 0.8),
    ('specialty', 'differs', 0.2),
    ('facility', 'same', 0.6),
    ('facility', 'differs', 0.4)

),

-- Contacts whose NPI is believed are the CRM's own lesson in how it writes names, places and specialties.
believed as (

    select candidates.*
    from candidates
    inner join checked
        on candidates.contact_id = checked.contact_id and candidates.npi = checked.npi
    where checked.cause is null

),

seen as (

    select
        'last_name' as field,
        last_name as level
    from believed

    union all

    select
        'first_name' as field,
        first_name as level
    from believed

    union all

    select
        'place' as field,
        place as level
    from believed

    union all

    select
        'specialty' as field,
        specialty as level
    from believed

    union all

    select
        'facility' as field,
        facility as level
    from believed

),

counted as (

    select
        expected.field,
        expected.level,
        expected.share,
        count(seen.level) as times_seen
    from expected
    left join seen
        on expected.field = seen.field and expected.level = seen.level
    group by expected.field, expected.level, expected.share

),

-- The expectation weighs as much as thirty contacts. A believed NPI hides part of what differs, so no level falls below
-- half of its expectation.
final as (

    select
        field,
        level,
        times_seen,
        round(greatest((30 * share + times_seen) / (30 + sum(times_seen) over (partition by field)), share / 2), 6) as share
    from counted

)

select * from final
order by field, level

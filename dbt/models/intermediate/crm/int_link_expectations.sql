-- What is expected of a CRM before it is seen: how often each level of agreement is met when both are one person, and
-- how many of the contacts that should be providers the register holds.
with

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
    ('facility', 'differs', 0.4),
    ('identity', 'registered', 0.95),
    ('identity', 'unknown', 0.05)

),

final as (

    select
        field,
        level,
        cast(share as double) as share
    from expected

)

select * from final
order by field, level

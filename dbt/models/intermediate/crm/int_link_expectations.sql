-- What is expected of a CRM before it is seen: of contacts whose name or place is written in one form, how often each level of
-- agreement is met when both are one person; and how many of the contacts that should be providers the register holds.
with

expected (field, form, level, share) as (

    values
    ('last_name', 'borne', 'exact', 0.93),
    ('last_name', 'borne', 'former', 0.03),
    ('last_name', 'borne', 'part', 0.02),
    ('last_name', 'borne', 'misspelt', 0.01),
    ('last_name', 'borne', 'differs', 0.01),
    ('last_name', 'double', 'exact', 0.5),
    ('last_name', 'double', 'former', 0.02),
    ('last_name', 'double', 'part', 0.43),
    ('last_name', 'double', 'misspelt', 0.04),
    ('last_name', 'double', 'differs', 0.01),
    ('last_name', 'unborne', 'part', 0.15),
    ('last_name', 'unborne', 'misspelt', 0.65),
    ('last_name', 'unborne', 'differs', 0.2),
    ('first_name', 'whole', 'exact', 0.87),
    ('first_name', 'whole', 'further', 0.01),
    ('first_name', 'whole', 'familiar', 0.04),
    ('first_name', 'whole', 'initial', 0.02),
    ('first_name', 'whole', 'misspelt', 0.03),
    ('first_name', 'whole', 'differs', 0.03),
    ('first_name', 'familiar', 'exact', 0.3),
    ('first_name', 'familiar', 'familiar', 0.63),
    ('first_name', 'familiar', 'further', 0.01),
    ('first_name', 'familiar', 'initial', 0.02),
    ('first_name', 'familiar', 'misspelt', 0.01),
    ('first_name', 'familiar', 'differs', 0.03),
    ('first_name', 'initial', 'exact', 0.02),
    ('first_name', 'initial', 'familiar', 0.03),
    ('first_name', 'initial', 'further', 0.02),
    ('first_name', 'initial', 'initial', 0.9),
    ('first_name', 'initial', 'differs', 0.03),
    ('place', 'zip', 'zip', 0.7),
    ('place', 'zip', 'city', 0.12),
    ('place', 'zip', 'state', 0.1),
    ('place', 'zip', 'differs', 0.08),
    ('place', 'city', 'city', 0.8),
    ('place', 'city', 'state', 0.12),
    ('place', 'city', 'differs', 0.08),
    ('place', 'state', 'state', 0.92),
    ('place', 'state', 'differs', 0.08),
    ('specialty', 'any', 'same', 0.8),
    ('specialty', 'any', 'differs', 0.2),
    ('further_name', 'any', 'same', 0.9),
    ('further_name', 'any', 'differs', 0.1),
    ('facility', 'any', 'same', 0.6),
    ('facility', 'any', 'differs', 0.4),
    ('telephone', 'any', 'same', 0.7),
    ('telephone', 'any', 'differs', 0.3),
    ('identity', 'clinician', 'registered', 0.95),
    ('identity', 'clinician', 'unknown', 0.05),
    ('identity', 'user', 'registered', 0.95),
    ('identity', 'user', 'unknown', 0.05),
    ('identity', 'unmarked', 'registered', 0.65),
    ('identity', 'unmarked', 'unknown', 0.35),
    ('identity', 'unknown_npi', 'registered', 0.5),
    ('identity', 'unknown_npi', 'unknown', 0.5)

),

final as (

    select
        field,
        form,
        level,
        cast(share as double) as share
    from expected

)

select * from final
order by field, form, level

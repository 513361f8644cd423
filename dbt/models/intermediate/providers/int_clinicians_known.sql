with

copies as (

    select * from {{ ref('stg_registry__doctors_clinicians') }}

),

first_copy as (

    select min(released_on) as released_on
    from copies

),

-- Copies known by now; where all are younger, the oldest of them still tells best who is who.
snapshots as (

    select copies.*
    from copies
    cross join first_copy
    where copies.released_on is null or copies.released_on <= greatest({{ as_of() }}, first_copy.released_on)

),

-- Several rows a clinician, one a practice address: the newest copy, then the lowest practice.
ranked as (

    select
        npi,
        first_name,
        last_name,
        credential,
        specialty,
        practice_name,
        street,
        city,
        state,
        zip5,
        graduation_year,
        row_number() over (
            partition by npi
            order by released_on desc nulls first, org_pac_id asc nulls last, zip5 asc, street asc, file_path asc, file_row asc
        ) as preference
    from snapshots

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final

with

copies as (

    select * from {{ ref('stg_registry__hospital_general') }}

),

-- A list without a day lies there already; beside it no younger copy needs to speak before its time.
first_copy as (

    select case when count(*) = count(released_on) then min(released_on) end as released_on
    from copies

),

-- Copies known by now; where all are younger, the oldest of them still tells best who is who.
snapshots as (

    select copies.*
    from copies
    cross join first_copy
    where copies.released_on is null or copies.released_on <= greatest({{ as_of() }}, first_copy.released_on)

),

-- The newest copy of each hospital.
ranked as (

    select
        facility_id,
        name,
        street,
        city,
        state,
        zip5,
        hospital_type,
        hospital_ownership,
        row_number() over (
            partition by facility_id
            order by released_on desc nulls first, file_path desc, file_row asc
        ) as preference
    from snapshots

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final

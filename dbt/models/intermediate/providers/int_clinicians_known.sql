with

intervals as (

    select * from {{ ref('int_clinician_intervals') }}

),

final as (

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
        graduation_year
    from intervals
    where known_on <= {{ as_of() }} and superseded_on > {{ as_of() }}

)

select * from final

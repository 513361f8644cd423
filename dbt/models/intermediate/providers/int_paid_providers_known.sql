with

intervals as (

    select * from {{ ref('int_paid_provider_intervals') }}

),

final as (

    select
        npi,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5
    from intervals
    where known_on <= {{ as_of() }} and superseded_on > {{ as_of() }}

)

select * from final

with

intervals as (

    select * from {{ ref('int_public_provider_intervals') }}

),

final as (

    select
        npi,
        last_name,
        first_name,
        credential,
        entity_code,
        specialty,
        city,
        state,
        zip5
    from intervals
    where known_on <= {{ as_of() }} and superseded_on > {{ as_of() }}

)

select * from final

with

intervals as (

    select * from {{ ref('int_nppes_intervals') }}

),

final as (

    select
        npi,
        entity_type_code,
        organization_name,
        last_name,
        first_name,
        credential,
        other_last_name,
        taxonomy_code,
        city,
        state,
        zip5,
        enumerated_on,
        case when inactive_from <= {{ as_of() }} and inactive_until > {{ as_of() }} then inactive_from end as inactive_since_on
    from intervals
    where known_on <= {{ as_of() }} and superseded_on > {{ as_of() }}

)

select * from final

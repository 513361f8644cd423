with

affiliations as (

    select * from {{ ref('int_provider_affiliations_ranked') }}

),

final as (

    select
        npi,
        min(facility_id) filter (where is_primary) as primary_facility_id,
        count(distinct facility_id) filter (where is_open) as facility_count,
        greatest(
            max(valid_from) filter (where is_new_since_first_copy),
            max(cast(valid_to + interval 1 day as date)) filter (where not is_open)
        ) as affiliation_changed_on
    from affiliations
    group by npi

)

select * from final
order by npi

with

copies as (

    {{ copies_known(ref('stg_registry__hospital_general')) }}

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
    from copies

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final

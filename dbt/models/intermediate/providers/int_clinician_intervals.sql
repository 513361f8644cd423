with

copies as (

    {{ copies_known(ref('stg_registry__doctors_clinicians')) }}

),

-- Several rows a clinician, one a practice address: of each copy the lowest practice.
ranked as (

    select
        *,
        row_number() over (
            partition by npi, known_on
            order by
                released_on desc nulls first, org_pac_id asc nulls last, zip5 asc nulls last, street asc nulls last,
                file_path asc, file_row asc
        ) as preference
    from copies
    where npi is not null

),

told as (

    select *
    from ranked
    where preference = 1

),

final as (

    {{ intervals_of('told', [
        'first_name', 'last_name', 'credential', 'specialty', 'practice_name', 'street', 'city', 'state', 'zip5', 'graduation_year'
    ]) }}

)

select * from final

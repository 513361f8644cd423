with

primaries as (

    select * from {{ ref('int_zip_territories') }}
    where
        kind = 'primary'
        and (valid_from is null or valid_from <= {{ as_of() }})
        and (valid_to is null or valid_to >= {{ as_of() }})

),

-- A ZIP has one primary territory on a day; were there two, the younger alignment holds.
ranked as (

    select
        zip5,
        territory_id,
        row_number() over (partition by zip5 order by valid_from desc nulls last, territory_id asc) as preference
    from primaries

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final
order by zip5

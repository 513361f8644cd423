with

copies as (

    select
        year(min(snapshot_on)) as first_year,
        year({{ as_of() }}) as last_year
    from {{ ref('int_affiliation_snapshots') }}
    where snapshot_on > {{ since_ever() }}

),

-- A table of its own, so that what is told by year stands while the year does.
final as (

    select {{ one_row_each(numbers_from_to('first_year', 'last_year')) }} as calendar_year
    from copies
    where first_year is not null

)

select * from final
order by calendar_year

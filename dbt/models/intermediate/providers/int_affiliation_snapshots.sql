with

affiliations as (

    select * from {{ ref('int_affiliation_copies_delivered') }}
    where released_on is null or released_on <= {{ as_of() }}

),

-- A list without a day: the newest where dated copies lie beside it, else it holds since ever.
dated as (

    select
        released_on,
        case
            when released_on is not null then released_on
            when count(released_on) over () > 0 then {{ as_of() }}
            else {{ since_ever() }}
        end as snapshot_on
    from affiliations

),

final as (

    select
        released_on,
        snapshot_on,
        dense_rank() over (order by snapshot_on) as snapshot_number
    from dated

)

select * from final
order by snapshot_on, released_on

with

snapshots as (

    select *
    from {{ ref('stg_registry__hospital_general') }}
    where released_on is null or released_on <= {{ as_of() }}

),

-- The newest copy of each hospital.
final as (

    select *
    from snapshots
    qualify row_number() over (
        partition by facility_id
        order by released_on desc nulls first, file_path desc, file_row
    ) = 1

)

select * from final

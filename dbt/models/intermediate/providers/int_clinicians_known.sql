with

snapshots as (

    select *
    from {{ ref('stg_registry__doctors_clinicians') }}
    where released_on is null or released_on <= {{ as_of() }}

),

-- Several rows a clinician, one a practice address: the newest copy, then the lowest practice.
final as (

    select *
    from snapshots
    qualify row_number() over (
        partition by npi
        order by released_on desc nulls first, org_pac_id nulls last, zip5, street, file_path, file_row
    ) = 1

)

select * from final

with

source as (

    select * from {{ source('history', 'blind_spots') }}

),

earlier as (

    select
        kind,
        subject_type,
        subject_id,
        first_flagged_on,
        as_of as flagged_on
    from source
    where as_of < {{ as_of() }}

)

select * from earlier

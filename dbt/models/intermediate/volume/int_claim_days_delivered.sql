with

lines as (

    select * from {{ ref('int_claim_lines_known') }}

),

-- Some thousands for many millions of lines, and no day of `as_of` in it: a night reads the files that are new.
final as (

    select
        service_on,
        known_on
    from lines
    group by service_on, known_on

)

select * from final

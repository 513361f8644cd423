with

families as (

    select * from {{ ref('int_families_listed') }}
    where has_procedure_codes

),

final as (

    select
        procedure_family,
        is_focus,
        counted
    from families

)

select * from final
order by procedure_family

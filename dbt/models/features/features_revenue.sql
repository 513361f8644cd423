with

families as (

    select * from {{ ref('int_families_listed') }}
    where has_procedure_codes

),

final as (

    select
        procedure_family,
        is_focus,
        cast(revenue_per_procedure_usd as double) as revenue_per_procedure_usd
    from families

)

select * from final
order by procedure_family

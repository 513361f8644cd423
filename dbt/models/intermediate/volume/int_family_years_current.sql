with

published as (

    select * from {{ ref('int_family_years_published') }}
    where is_current

),

-- The day itself is left out: who reads this is not built anew because another night has come.
final as (

    select
        procedure_family,
        published_year
    from published

)

select * from final

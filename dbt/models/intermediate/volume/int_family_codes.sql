with

listed as (

    select * from {{ ref('stg_company__procedure_families') }}

),

-- A code may belong to several families; each of them counts it.
final as (

    select distinct
        procedure_family,
        code_system,
        code
    from listed

)

select * from final

with

codes as (

    select * from {{ ref('int_family_codes') }}

),

families as (

    select distinct
        case code_system when 'ICD-10-CM' then 'diagnosis' else 'procedure' end as family_kind,
        procedure_family as family
    from codes
    where code_system in ('HCPCS', 'ICD-10-CM')

),

final as (

    select
        family_kind,
        family,
        cast(row_number() over (order by family_kind, family) as integer) as family_number
    from families

)

select * from final

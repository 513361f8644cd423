with

listed as (

    select * from {{ ref('stg_company__procedure_families') }}

),

final as (

    select
        procedure_family,
        bool_or(is_focus) as is_focus,
        bool_or(code_system in ('HCPCS', 'MS-DRG', 'GENERIC-NAME')) as has_procedure_codes,
        case
            when not bool_or(code_system in ('GENERIC-NAME', 'NDC')) then 'procedures'
            when bool_or(code_system in ('HCPCS', 'MS-DRG')) then 'procedures and prescriptions'
            else 'prescriptions'
        end as counted,
        bool_or(code_system = 'HCPCS') as has_claim_line_codes,
        bool_or(code_system = 'ICD-10-CM') as has_diagnosis_codes,
        max(revenue_per_procedure_usd) as revenue_per_procedure_usd
    from listed
    group by procedure_family

)

select * from final
order by procedure_family

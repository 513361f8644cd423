with

source as (

    select * from {{ source('company', 'procedure_families') }}

),

renamed as (

    select
        procedure_family,
        upper(trim(code_system)) as code_system,
        -- Dots in ICD codes do not matter; DRGs are three digits, HCPCS codes five characters.
        case upper(trim(code_system))
            when 'MS-DRG' then lpad(trim(code), 3, '0')
            when 'GENERIC-NAME' then upper(trim(code))
            else upper(replace(trim(code), '.', ''))
        end as code,
        coalesce(is_focus, false) as is_focus,
        revenue_per_procedure_usd,
        _row as file_row
    from source
    where code is not null and trim(code) <> ''

)

select * from renamed

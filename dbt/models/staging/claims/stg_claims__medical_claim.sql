with

source as (

    select * from {{ source('claims', 'medical_claim') }}

),

renamed as (

    select
        claim_id,
        claim_line_number,
        data_source,
        person_key,
        rendering_npi,
        facility_npi,
        _file as file_path,

        -- A line whose type is not given is institutional when it carries a DRG.
        case
            when claim_type ilike 'prof%' then 'professional'
            when claim_type ilike 'inst%' then 'institutional'
            when claim_type is not null then lower(claim_type)
            when ms_drg_code is not null then 'institutional'
            else 'professional'
        end as claim_type,
        lpad(trim(ms_drg_code), 3, '0') as ms_drg_code,
        upper(trim(hcpcs_code)) as hcpcs_code,
        upper(trim(hcpcs_modifier_1)) as hcpcs_modifier_1,
        concat_ws(
            ' ',
            diagnosis_code_1, diagnosis_code_2, diagnosis_code_3, diagnosis_code_4, diagnosis_code_5,
            diagnosis_code_6, diagnosis_code_7, diagnosis_code_8, diagnosis_code_9, diagnosis_code_10
        ) as diagnosis_codes,

        -- A line that tells no quantity is one service.
        coalesce(service_unit_quantity, 1) as quantity,
        coalesce(service_unit_quantity, 1) <= 0 or coalesce(paid_amount, 0) < 0 as is_reversal,
        _row as file_row,

        coalesce(claim_line_start_date, claim_start_date) as service_on,
        file_date as filed_on
    from source

)

select * from renamed

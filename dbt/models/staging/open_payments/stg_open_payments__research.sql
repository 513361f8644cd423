with

source as (

    select * from {{ source('open_payments', 'research') }}

),

renamed as (

    select
        coalesce(record_id, _file || ':' || _row) as record_id,
        teaching_hospital_ccn,
        _release as release_code,
        _file as file_path,

        upper(trim(change_type)) as change_type,
        covered_recipient_type as recipient_type,
        applicable_manufacturer_or_applicable_gpo_making_payment_name as manufacturer_published,
        coalesce(upper(trim(dispute_status_for_publication)) in ('YES', 'Y', 'TRUE', '1'), false) as is_disputed,
        -- The recipient first, then the investigators in their order; places without a person stay empty.
        {{ array_of(
            paid_person('covered_recipient', specialty='specialty_1', place='recipient'),
            paid_person('principal_investigator_1'),
            paid_person('principal_investigator_2'),
            paid_person('principal_investigator_3'),
            paid_person('principal_investigator_4'),
            paid_person('principal_investigator_5'),
        ) }} as people,

        {{ record_hash() }} as record_hash,
        coalesce(_period, program_year) as program_year,
        total_amount_of_payment_usdollars as amount_usd,
        _row as file_row,

        date_of_payment as paid_on,
        payment_publication_date as published_on,
        _released_on as released_on
    from source

)

select * from renamed

with

source as (

    select * from {{ source('open_payments', 'general') }}

),

renamed as (

    select
        coalesce(record_id, _file || ':' || _row) as record_id,
        covered_recipient_npi as npi,
        covered_recipient_profile_id as profile_id,
        teaching_hospital_ccn,
        _release as release_code,
        _file as file_path,

        upper(trim(change_type)) as change_type,
        covered_recipient_type as recipient_type,
        covered_recipient_first_name as first_name,
        covered_recipient_last_name as last_name,
        recipient_city as city,
        recipient_state as state,
        recipient_zip_code as zip5,
        covered_recipient_specialty_1 as specialty,
        applicable_manufacturer_or_applicable_gpo_making_payment_name as manufacturer_published,
        nature_of_payment_or_transfer_of_value as nature,
        coalesce(upper(trim(dispute_status_for_publication)) in ('YES', 'Y', 'TRUE', '1'), false) as is_disputed,

        {{ record_hash() }} as record_hash,
        coalesce(_period, program_year) as program_year,
        total_amount_of_payment_usdollars as amount_usd,
        coalesce(number_of_payments_included_in_total_amount, 1) as payment_count,
        _row as file_row,

        date_of_payment as paid_on,
        payment_publication_date as published_on,
        _released_on as released_on
    from source

)

select * from renamed

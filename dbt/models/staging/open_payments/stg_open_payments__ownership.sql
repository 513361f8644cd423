with

source as (

    select * from {{ source('open_payments', 'ownership') }}

),

renamed as (

    select
        coalesce(record_id, _file || ':' || _row) as record_id,
        physician_npi as npi,
        physician_profile_id as profile_id,
        _release as release_code,
        _file as file_path,

        upper(trim(change_type)) as change_type,
        physician_first_name as first_name,
        physician_last_name as last_name,
        physician_specialty as specialty,
        recipient_city as city,
        recipient_state as state,
        recipient_zip_code as zip5,
        applicable_manufacturer_or_applicable_gpo_making_payment_name as manufacturer_published,
        coalesce(upper(trim(dispute_status_for_publication)) in ('YES', 'Y', 'TRUE', '1'), false) as is_disputed,

        {{ record_hash() }} as record_hash,
        coalesce(_period, program_year) as program_year,
        total_amount_invested_usdollars as amount_usd,
        _row as file_row,

        payment_publication_date as published_on,
        _released_on as released_on
    from source

)

select * from renamed

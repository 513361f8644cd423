with

source as (

    select * from {{ source('open_payments', 'profile_supplement') }}

),

renamed as (

    select
        covered_recipient_profile_id as profile_id,
        covered_recipient_npi as npi,
        covered_recipient_profile_first_name as first_name,
        covered_recipient_profile_last_name as last_name,
        covered_recipient_profile_state as state,
        _released_on as released_on
    from source

)

select * from renamed

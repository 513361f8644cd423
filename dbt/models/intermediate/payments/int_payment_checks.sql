with

payments as (

    select * from {{ ref('int_general_payments') }}
    where superseded_on > {{ as_of() }}

),

published as (

    select * from {{ ref('stg_open_payments__general') }}

),

releases as (

    select * from {{ ref('int_payment_releases') }}
    where superseded_on > {{ as_of() }}

),

deleted as (

    select
        count(*) filter (published.change_type = 'DELETED') as found,
        count(*) as rows_checked
    from published
    inner join releases
        on
            published.program_year = releases.program_year
            and published.release_code is not distinct from releases.release_code

),

counted as (

    select
        count(*) as rows_checked,
        count(*) filter (is_disputed) as disputed,
        count(*) filter (npi is null and recipient_type not ilike '%hospital%') as without_npi,
        count(distinct manufacturer) filter (not is_listed_manufacturer) as unlisted_manufacturers
    from payments

),

final as (

    select
        'open_payments' as source,
        'disputed_payments' as check_name,
        disputed as found,
        'none in provider_payments' as expected,
        rows_checked
    from counted

    union all

    select
        'open_payments' as source,
        'deleted_payments' as check_name,
        found,
        'none in provider_payments' as expected,
        rows_checked
    from deleted

    union all

    select
        'open_payments' as source,
        'payments_without_npi' as check_name,
        without_npi as found,
        'joined through the profile where there is one' as expected,
        rows_checked
    from counted

    union all

    select
        'open_payments' as source,
        'manufacturers_not_listed' as check_name,
        unlisted_manufacturers as found,
        'relation other' as expected,
        rows_checked
    from counted

)

select * from final

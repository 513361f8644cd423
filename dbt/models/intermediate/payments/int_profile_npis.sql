with

payments as (

    select * from {{ ref('stg_open_payments__general') }}
    where npi is not null and profile_id is not null

),

releases as (

    select * from {{ ref('int_payment_releases') }}

),

supplement as (

    select * from {{ ref('stg_open_payments__profile_supplement') }}
    where npi is not null and profile_id is not null

),

from_payments as (

    select
        payments.profile_id,
        payments.npi,
        min(releases.known_on) as known_on,
        max(payments.program_year) as newest_year,
        count(*) as row_count
    from payments
    inner join releases
        on
            payments.program_year = releases.program_year
            and payments.release_code is not distinct from releases.release_code
    group by payments.profile_id, payments.npi

),

from_supplement as (

    select distinct
        profile_id,
        npi,
        coalesce(released_on, {{ since_ever() }}) as known_on,
        9999 as newest_year,
        1 as row_count
    from supplement
    where released_on is null or released_on <= {{ as_of() }}

),

either as (

    select * from from_payments
    union all
    select * from from_supplement

),

-- The supplement is CMS's own word; else the NPI of the newest rows.
final as (

    select
        profile_id,
        arg_max(npi, (newest_year, row_count, npi)) as npi,
        min(known_on) as known_on
    from either
    group by profile_id

)

select * from final

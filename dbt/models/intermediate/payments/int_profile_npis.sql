with

general as (

    select
        'general' as payment_kind,
        program_year,
        release_code,
        profile_id,
        npi
    from {{ ref('stg_open_payments__general') }}

),

research_people as (

    select
        program_year,
        release_code,
        {{ one_row_each('people') }} as person
    from {{ ref('stg_open_payments__research') }}

),

research as (

    select
        'research' as payment_kind,
        research_people.program_year,
        research_people.release_code,
        research_people.person.profile_id,
        research_people.person.npi
    from research_people

),

ownership as (

    select
        'ownership' as payment_kind,
        program_year,
        release_code,
        profile_id,
        npi
    from {{ ref('stg_open_payments__ownership') }}

),

payments as (

    select * from general
    where npi is not null and profile_id is not null
    union all
    select * from research
    where npi is not null and profile_id is not null
    union all
    select * from ownership
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
            payments.payment_kind = releases.payment_kind
            and payments.program_year = releases.program_year
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
        {{ value_at_largest('npi', '(newest_year, row_count, npi)') }} as npi,
        min(known_on) as known_on
    from either
    group by profile_id

)

select * from final

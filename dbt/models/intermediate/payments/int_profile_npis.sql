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
        payments.program_year as told_year,
        releases.known_on,
        releases.known_on as told_on,
        count(*) as row_count
    from payments
    inner join releases
        on
            payments.payment_kind = releases.payment_kind
            and payments.program_year = releases.program_year
            and payments.release_code is not distinct from releases.release_code
    group by payments.profile_id, payments.npi, payments.program_year, releases.known_on

),

-- A supplement without a day holds since ever, and is newer than its dated copies.
from_supplement as (

    select distinct
        profile_id,
        npi,
        9999 as told_year,
        coalesce(released_on, {{ since_ever() }}) as known_on,
        coalesce(released_on, {{ for_ever() }}) as told_on,
        1 as row_count
    from supplement
    where released_on is null or released_on <= {{ as_of() }}

),

either as (

    select * from from_payments
    union all
    select * from from_supplement

),

-- The supplement is CMS's own word, its newest copy first; else the NPI of the newest year, in its newest release.
weighed as (

    select
        profile_id,
        npi,
        known_on,
        row_number() over (
            partition by profile_id
            order by told_year asc, told_on asc, row_count asc, npi asc
        ) as weight
    from either

),

-- What weighs most of all that was known on each day; a word that weighs less changes nothing when it comes.
foremost as (

    select
        profile_id,
        known_on,
        max(weight) over (partition by profile_id order by known_on) as weight
    from weighed

),

beginnings as (

    select
        foremost.profile_id,
        weighed.npi,
        min(foremost.known_on) as known_on
    from foremost
    inner join weighed
        on foremost.profile_id = weighed.profile_id and foremost.weight = weighed.weight
    group by foremost.profile_id, foremost.weight, weighed.npi

),

changes as (

    select
        *,
        lag(npi) over (partition by profile_id order by known_on) as npi_before
    from beginnings

),

final as (

    select
        profile_id,
        npi,
        known_on,
        coalesce(lead(known_on) over (partition by profile_id order by known_on), {{ for_ever() }}) as superseded_on
    from changes
    where npi_before is null or npi <> npi_before

)

select * from final

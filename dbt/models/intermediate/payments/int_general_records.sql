with

profiles as (

    select * from {{ ref('int_profile_npis') }}

),

-- Apart from each other: to find the profiles of the few that bear no NPI, DuckDB would hold all records, which it takes for few.
with_npi as (

    select *
    from (
        {{ records_told_once(ref('stg_open_payments__general'), 'general') }}
    ) as told_once
    where npi is not null

),

others as (

    {{ records_compared(ref('stg_open_payments__general'), 'general', also='published.npi is null') }}

),

-- A payment goes to whom its profile was known to be on each day, one row for each of them.
kept as (

    select
        with_npi.{{ star_without('npi', 'release_known_on', 'superseded_on') }},
        with_npi.npi,
        with_npi.release_known_on as known_on,
        with_npi.superseded_on
    from with_npi

    union all

    select
        others.{{ star_without('npi', 'release_known_on', 'superseded_on') }},
        coalesce(others.npi, profiles.npi) as npi,
        greatest(others.release_known_on, profiles.known_on) as known_on,
        least(others.superseded_on, profiles.superseded_on) as superseded_on
    from others
    left join profiles
        on
            case when others.npi is null then others.profile_id end = profiles.profile_id
            and others.release_known_on < profiles.superseded_on
            and others.superseded_on > profiles.known_on

),

final as (

    select
        record_id,
        npi,
        recipient_type ilike '%hospital%' as is_hospital,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5,
        manufacturer_published,
        nature,
        is_disputed,
        program_year,
        payment_count,
        amount_usd,
        coalesce(paid_on, make_date(program_year, 12, 31)) as paid_on,
        known_on,
        superseded_on
    from kept

)

select * from final

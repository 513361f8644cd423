with

profiles as (

    select * from {{ ref('int_profile_npis') }}

),

manufacturers as (

    select * from {{ ref('int_manufacturers_published') }}

),

kept as (

    {{ kept_records(ref('stg_open_payments__ownership'), 'ownership') }}

),

final as (

    select
        kept.record_id,
        coalesce(kept.npi, profiles.npi) as npi,
        kept.first_name,
        kept.last_name,
        kept.specialty,
        kept.city,
        kept.state,
        kept.zip5,
        manufacturers.manufacturer,
        coalesce(manufacturers.relation, 'other') as relation,
        kept.is_disputed,
        kept.program_year,
        coalesce(kept.amount_usd, 0) as amount_usd,
        make_date(kept.program_year, 12, 31) as held_on,
        case when kept.npi is null then greatest(kept.release_known_on, profiles.known_on) else kept.release_known_on end
            as known_on,
        least(kept.superseded_on, profiles.superseded_on) as superseded_on
    from kept
    -- A payment goes to whom its profile was known to be on each day, one row for each of them.
    left join profiles
        on
            case when kept.npi is null then kept.profile_id end = profiles.profile_id
            and kept.release_known_on < profiles.superseded_on
            and kept.superseded_on > profiles.known_on
    left join manufacturers
        on kept.manufacturer_published = manufacturers.manufacturer_published

)

select * from final

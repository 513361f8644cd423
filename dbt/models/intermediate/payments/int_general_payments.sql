with

profiles as (

    select * from {{ ref('int_profile_npis') }}

),

relations as (

    select * from {{ ref('int_manufacturer_relations') }}

),

kept as (

    {{ kept_records(ref('stg_open_payments__general'), 'general') }}

),

final as (

    select
        kept.record_id,
        coalesce(kept.npi, profiles.npi) as npi,
        kept.recipient_type,
        kept.first_name,
        kept.last_name,
        kept.specialty,
        kept.city,
        kept.state,
        kept.zip5,
        coalesce(relations.manufacturer, kept.manufacturer_published) as manufacturer,
        coalesce(relations.relation, 'other') as relation,
        relations.manufacturer is not null as is_listed_manufacturer,
        kept.nature,
        kept.is_disputed,
        kept.program_year,
        kept.payment_count,
        kept.amount_usd,
        coalesce(kept.paid_on, make_date(kept.program_year, 12, 31)) as paid_on,
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
    left join relations
        on kept.name_key = relations.name_key

)

select * from final

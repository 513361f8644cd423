with

profiles as (

    select * from {{ ref('int_profile_npis') }}

),

manufacturers as (

    select * from {{ ref('int_manufacturers_published') }}

),

kept as (

    {{ kept_records(ref('stg_open_payments__research'), 'research') }}

),

named as (

    select
        kept.record_id,
        {{ one_row_each('kept.people') }} as person,
        kept.manufacturer_published,
        kept.is_disputed,
        kept.program_year,
        kept.amount_usd,
        coalesce(kept.paid_on, make_date(kept.program_year, 12, 31)) as paid_on,
        kept.release_known_on,
        kept.superseded_on
    from kept

),

placed as (

    select
        named.{{ star_without('person') }},
        named.person.npi as npi_given,
        named.person.profile_id,
        named.person.first_name,
        named.person.last_name,
        named.person.specialty,
        named.person.city,
        named.person.state,
        named.person.zip5
    from named

),

people as (

    select
        placed.*,
        coalesce(placed.npi_given, profiles.npi) as npi,
        profiles.known_on as profile_known_on,
        profiles.superseded_on as profile_superseded_on
    from placed
    left join profiles
        on
            case when placed.npi_given is null then placed.profile_id end = profiles.profile_id
            and placed.release_known_on < profiles.superseded_on
            and placed.superseded_on > profiles.known_on

),

-- A payment counts in full for whoever is named in it, once, however often the record names them.
ranked as (

    select
        people.record_id,
        people.npi,
        people.first_name,
        people.last_name,
        people.specialty,
        people.city,
        people.state,
        people.zip5,
        manufacturers.manufacturer,
        coalesce(manufacturers.relation, 'other') as relation,
        people.is_disputed,
        people.program_year,
        people.amount_usd,
        people.paid_on,
        case
            when people.npi_given is null then greatest(people.release_known_on, people.profile_known_on)
            else people.release_known_on
        end as known_on,
        least(people.superseded_on, people.profile_superseded_on) as superseded_on,
        row_number() over (
            partition by people.program_year, people.release_known_on, people.record_id, people.npi
            order by people.npi_given asc nulls last, people.profile_superseded_on desc, people.last_name asc
        ) as preference
    from people
    left join manufacturers
        on people.manufacturer_published = manufacturers.manufacturer_published
    where people.npi is not null

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final

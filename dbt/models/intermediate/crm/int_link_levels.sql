with

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

contacts as (

    select * from {{ ref('int_link_contacts') }}

),

checked as (

    select * from {{ ref('int_contact_npis_checked') }}
    where cause is null

),

first_look as (

    select * from {{ ref('int_link_first_look') }}

),

expected as (

    select * from {{ ref('int_link_expectations') }}

),

-- The CRM's own lesson in how it writes names, places and specialties: contacts whose NPI is believed, and each other
-- one as far as the first look says who it is.
lessons as (

    select
        candidates.last_name,
        candidates.first_name,
        candidates.place,
        candidates.specialty,
        candidates.facility,
        cast(1 as double) as certainty
    from candidates
    inner join checked
        on candidates.contact_id = checked.contact_id and candidates.npi = checked.npi

    union all

    select
        candidates.last_name,
        candidates.first_name,
        candidates.place,
        candidates.specialty,
        candidates.facility,
        first_look.link_probability as certainty
    from candidates
    inner join first_look
        on candidates.contact_id = first_look.contact_id and candidates.npi = first_look.npi
    anti join checked
        on candidates.contact_id = checked.contact_id

),

-- Contacts that should be providers, and how many of them the register seems to hold.
found as (

    select
        contact_id,
        least(sum(link_probability), 1) as certainty
    from first_look
    group by contact_id

),

identities as (

    select coalesce(found.certainty, 0) as certainty
    from contacts
    left join found
        on contacts.contact_id = found.contact_id
    anti join checked
        on contacts.contact_id = checked.contact_id
    where contacts.role = 'user' or contacts.has_specialty or contacts.npi_given is not null

),

seen as (

    {% for field in ['last_name', 'first_name', 'place', 'specialty', 'facility'] -%}
        select
            '{{ field }}' as field,
            {{ field }} as level,
            sum(cast(certainty as decimal(18, 9))) as times_seen
        from lessons
        group by {{ field }}

        union all

    {% endfor -%}
    select
        'identity' as field,
        'registered' as level,
        sum(cast(certainty as decimal(18, 9))) as times_seen
    from identities

    union all

    select
        'identity' as field,
        'unknown' as level,
        sum(cast(1 - certainty as decimal(18, 9))) as times_seen
    from identities

),

counted as (

    select
        expected.field,
        expected.level,
        expected.share,
        cast(coalesce(seen.times_seen, 0) as double) as times_seen
    from expected
    left join seen
        on expected.field = seen.field and expected.level = seen.level

),

shares as (

    select
        *,
        (30 * share + times_seen) / (30 + sum(times_seen) over (partition by field)) as share_learnt
    from counted

),

-- The expectation weighs as much as thirty contacts. A believed NPI and a first look both hide part of what differs, so
-- no level of agreement falls below half of its expectation.
final as (

    select
        field,
        level,
        round(times_seen, 3) as times_seen,
        round(case field when 'identity' then share_learnt else greatest(share_learnt, share / 2) end, 6) as share
    from shares

)

select * from final
order by field, level

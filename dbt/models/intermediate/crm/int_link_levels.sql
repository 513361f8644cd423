with

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

lessons as (

    select * from {{ ref('int_link_lessons') }}

),

identities as (

    select * from {{ ref('int_link_identities') }}

),

contacts as (

    select
        contact_id,
        last_name_form,
        first_name_form,
        place_form
    from {{ ref('int_link_contacts') }}

),

expected as (

    select * from {{ ref('int_link_expectations') }}

),

-- The CRM's own lesson in how it writes names, places and specialties.
agreements as (

    select
        candidates.contact_id,
        candidates.last_name,
        candidates.first_name,
        candidates.further_name,
        candidates.place,
        candidates.specialty,
        candidates.facility,
        candidates.telephone,
        lessons.certainty
    from candidates
    inner join lessons
        on candidates.contact_id = lessons.contact_id and candidates.npi = lessons.npi

),

seen as (

    {% for field in ['last_name', 'first_name', 'place'] -%}
        select
            '{{ field }}' as field,
            contacts.{{ field }}_form as form,
            agreements.{{ field }} as level,
            sum(cast(agreements.certainty as decimal(18, 9))) as times_seen
        from agreements
        inner join contacts
            on agreements.contact_id = contacts.contact_id
        group by contacts.{{ field }}_form, agreements.{{ field }}

        union all

    {% endfor -%}
    {% for field in ['further_name', 'specialty', 'facility', 'telephone'] -%}
        select
            '{{ field }}' as field,
            'any' as form,
            {{ field }} as level,
            sum(cast(certainty as decimal(18, 9))) as times_seen
        from agreements
        group by {{ field }}

        {{ 'union all' if not loop.last }}

    {% endfor -%}
),

counted as (

    select
        expected.field,
        expected.form,
        expected.level,
        expected.share,
        cast(coalesce(seen.times_seen, 0) as double) as times_seen
    from expected
    left join seen
        on expected.field = seen.field and expected.form = seen.form and expected.level = seen.level
    where expected.field != 'identity'

),

shares as (

    select
        *,
        (30 * share + times_seen) / (30 + sum(times_seen) over (partition by field, form)) as share_learnt
    from counted

),

-- The expectation weighs as much as thirty contacts. A believed NPI and a first look both hide part of what differs, so
-- no level of agreement falls below half of its expectation.
final as (

    select
        field,
        form,
        level,
        round(times_seen, 3) as times_seen,
        round(greatest(share_learnt, share / 2), 6) as share
    from shares

    union all

    select
        'identity' as field,
        form,
        level,
        times_seen,
        share
    from identities

)

select * from final
order by field, form, level

{%- set names = ['first_name', 'last_name', 'specialty', 'city', 'state', 'zip5'] -%}
with

general as (

    select
        npi,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5,
        known_on,
        superseded_on,
        (coalesce(paid_on, {{ since_ever() }}), record_id) as newness
    from {{ ref('int_general_records') }}
    where npi is not null and not is_hospital

),

research as (

    select
        npi,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5,
        known_on,
        superseded_on,
        (paid_on, record_id) as newness
    from {{ ref('int_research_payments') }}
    where npi is not null

),

ownership as (

    select
        npi,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5,
        known_on,
        superseded_on,
        (held_on, record_id) as newness
    from {{ ref('int_ownership_interests') }}
    where npi is not null

),

payments as (

    select * from general
    union all
    select * from research
    union all
    select * from ownership

),

-- A recipient is described alike in nearly all payments of a release: the newest of those is enough.
said as (

    select
        npi,
        known_on,
        superseded_on,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5,
        max(newness) as newness
    from payments
    group by npi, known_on, superseded_on, first_name, last_name, specialty, city, state, zip5

),

wordings as (

    select
        {{ names | join(', ') }},
        npi,
        min(known_on) as known_on
    from said
    group by {{ names | join(', ') }}, npi

),

-- Payments come and, where a release leaves them out, go.
left_out as (

    select gone.npi
    from said as gone
    anti join said
        on
            gone.npi = said.npi
            and gone.superseded_on >= said.known_on
            and gone.superseded_on < said.superseded_on
    where gone.superseded_on < {{ for_ever() }}

),

-- Most recipients are described in one way and stay paid: which payment speaks matters for the others alone.
told_differently as (

    select npi
    from wordings
    group by npi
    having count(*) > 1

    union

    select npi from left_out

),

said_differently as (

    select said.*
    from said
    semi join told_differently
        on said.npi = told_differently.npi

),

days as (

    select
        npi,
        known_on
    from said_differently
    union
    select
        npi,
        superseded_on as known_on
    from said_differently
    where superseded_on < {{ for_ever() }}

),

-- Who the newest payment that is known on a day says that each recipient is.
told as (

    select
        {% for name in names -%}
            {{ value_at_largest('said.' ~ name, 'said.newness') }} as {{ name }},
        {% endfor -%}
        days.npi,
        days.known_on,
        count(said.npi) > 0 as is_paid
    from days
    left join said_differently as said
        on
            days.npi = said.npi
            and days.known_on >= said.known_on
            and days.known_on < said.superseded_on
    group by days.npi, days.known_on

),

intervals as (

    {{ intervals_of('told', names + ['is_paid']) }}

),

final as (

    select
        npi,
        known_on,
        superseded_on,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5
    from intervals
    where is_paid

    union all

    select
        npi,
        known_on,
        {{ for_ever() }} as superseded_on,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5
    from wordings
    where npi not in (select told_differently.npi from told_differently)

)

select * from final

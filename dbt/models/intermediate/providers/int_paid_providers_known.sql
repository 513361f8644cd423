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
        (coalesce(paid_on, {{ since_ever() }}), record_id) as newness
    from {{ ref('int_general_payments') }}
    where superseded_on > {{ as_of() }} and npi is not null and recipient_type not ilike '%hospital%'

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
        (paid_on, record_id) as newness
    from {{ ref('int_research_payments') }}
    where superseded_on > {{ as_of() }}

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
        (held_on, record_id) as newness
    from {{ ref('int_ownership_interests') }}
    where superseded_on > {{ as_of() }} and npi is not null

),

payments as (

    select * from general
    union all
    select * from research
    union all
    select * from ownership

),

-- A recipient is described alike in nearly all of its payments: the newest of those is enough.
said as (

    select
        npi,
        first_name,
        last_name,
        specialty,
        city,
        state,
        zip5,
        max(newness) as newness
    from payments
    group by npi, first_name, last_name, specialty, city, state, zip5

),

-- Who the newest payment says that each recipient is.
final as (

    select
        npi,
        {{ value_at_largest('first_name', 'newness') }} as first_name,
        {{ value_at_largest('last_name', 'newness') }} as last_name,
        {{ value_at_largest('specialty', 'newness') }} as specialty,
        {{ value_at_largest('city', 'newness') }} as city,
        {{ value_at_largest('state', 'newness') }} as state,
        {{ value_at_largest('zip5', 'newness') }} as zip5
    from said
    group by npi

)

select * from final

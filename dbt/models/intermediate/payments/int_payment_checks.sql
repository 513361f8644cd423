with

payments as (

    select * from {{ ref('int_general_payments') }}
    where superseded_on > {{ as_of() }}

),

releases as (

    select * from {{ ref('int_payment_releases') }}
    where superseded_on > {{ as_of() }}

),
{% for kind in ['general', 'research', 'ownership'] %}
    {{ kind }}_records as (

        select
            published.change_type,
            published.is_disputed
        from {{ ref('stg_open_payments__' ~ kind) }} as published
        inner join releases
            on
                releases.payment_kind = '{{ kind }}'
                and published.program_year = releases.program_year
                and published.release_code is not distinct from releases.release_code

    ),
{% endfor %}
apart as (

    select
        'payments' as what,
        change_type,
        is_disputed
    from general_records

    union all

    select
        'research_payments' as what,
        change_type,
        is_disputed
    from research_records

    union all

    select
        'ownership_interests' as what,
        change_type,
        is_disputed
    from ownership_records

),

kinds (what) as (

    values
    ('payments'),
    ('research_payments'),
    ('ownership_interests')

),

-- The three kinds of payment are counted each for itself.
set_apart as (

    select
        kinds.what,
        count(apart.what) as rows_checked,
        count(*) filter (apart.change_type = 'DELETED') as deleted,
        count(*) filter (apart.is_disputed and coalesce(apart.change_type, '') != 'DELETED') as disputed
    from kinds
    left join apart
        on kinds.what = apart.what
    group by kinds.what

),

counted as (

    select
        count(*) as rows_checked,
        count(*) filter (npi is null and recipient_type not ilike '%hospital%') as without_npi,
        count(distinct manufacturer) filter (not is_listed_manufacturer) as unlisted_manufacturers
    from payments

),

final as (

    select
        'open_payments' as source,
        'disputed_' || what as check_name,
        disputed as found,
        'none in provider_payments' as expected,
        rows_checked
    from set_apart

    union all

    select
        'open_payments' as source,
        'deleted_' || what as check_name,
        deleted as found,
        'none in provider_payments' as expected,
        rows_checked
    from set_apart

    union all

    select
        'open_payments' as source,
        'payments_without_npi' as check_name,
        without_npi as found,
        'joined through the profile where there is one' as expected,
        rows_checked
    from counted

    union all

    select
        'open_payments' as source,
        'manufacturers_not_listed' as check_name,
        unlisted_manufacturers as found,
        'relation other' as expected,
        rows_checked
    from counted

)

select * from final

with

payments as (

    select * from {{ ref('int_general_payments') }}
    where superseded_on = {{ for_ever() }}

),

releases as (

    select * from {{ ref('int_payment_releases') }}
    where superseded_on = {{ for_ever() }}

),

-- A record is one, whatever the number of files of its release that hold it.
records as (

    {%- for kind in ['general', 'research', 'ownership'] %}

        select
            '{{ kind }}' as payment_kind,
            coalesce(bool_or(published.change_type = 'DELETED'), false) as is_deleted,
            coalesce(bool_or(published.is_disputed), false) as is_disputed
        from {{ ref('stg_open_payments__' ~ kind) }} as published
        inner join releases
            on
                releases.payment_kind = '{{ kind }}'
                and published.program_year = releases.program_year
                and published.release_code is not distinct from releases.release_code
        group by published.program_year, published.record_id
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

kinds (payment_kind, what) as (

    values
    ('general', 'payments'),
    ('research', 'research_payments'),
    ('ownership', 'ownership_interests')

),

-- The three kinds of payment are counted each for itself.
set_apart as (

    select
        kinds.what,
        count(records.payment_kind) as rows_checked,
        count(*) filter (where records.is_deleted) as deleted,
        count(*) filter (where records.is_disputed and not records.is_deleted) as disputed
    from kinds
    left join records
        on kinds.payment_kind = records.payment_kind
    group by kinds.what

),

counted as (

    select
        count(*) as rows_checked,
        count(*) filter (where npi is null and not is_hospital) as without_npi,
        count(distinct manufacturer) filter (where not is_listed_manufacturer) as unlisted_manufacturers
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

with

published as (

    {%- for kind in ['general', 'research', 'ownership'] %}

        select
            '{{ kind }}' as payment_kind,
            program_year,
            release_code,
            max(released_on) as released_on,
            max(published_on) as published_on
        from {{ ref('stg_open_payments__' ~ kind) }}
        group by program_year, release_code
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

dated as (

    select
        published.payment_kind,
        published.program_year,
        published.release_code,
        coalesce(
            published.released_on,
            published.published_on,
            cast(make_date(published.program_year, 12, 31) + cast(settings.lag_days_open_payments as integer) as date)
        ) as known_on
    from published
    cross join settings

),

visible as (

    select *
    from dated
    where known_on <= {{ as_of() }}

),

-- The newest release of a program year and kind wins whole, from the day on which it is known.
final as (

    select
        payment_kind,
        program_year,
        release_code,
        known_on,
        coalesce(
            min(known_on) over (
                partition by payment_kind, program_year
                order by release_code nulls first, known_on
                rows between 1 following and unbounded following
            ),
            {{ for_ever() }}
        ) as superseded_on
    from visible

)

select * from final
order by payment_kind, program_year, release_code nulls first

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

final as (

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

)

select * from final

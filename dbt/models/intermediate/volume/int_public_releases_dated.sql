with

published as (

    {%- for file in ['provider_service', 'part_d', 'inpatient'] %}

        select
            '{{ file }}' as published_in,
            data_year,
            release_code,
            max(released_on) as released_on
        from {{ ref('stg_claims__' ~ file) }}
        group by data_year, release_code
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

-- Known from the day that the file tells, else from the usual lag after the year, and never before its release year.
final as (

    select
        published.published_in,
        published.data_year,
        published.release_code,
        coalesce(
            published.released_on,
            greatest(
                cast(make_date(published.data_year, 12, 31) + cast(settings.lag_days_cms_claims as integer) as date),
                make_date(try_cast(left(published.release_code, 4) as integer), 1, 1)
            )
        ) as known_on
    from published
    cross join settings

)

select * from final

with

final as (

    {%- for grain in ['month', 'year'] %}

        select
            npi,
            family_number,
            period_start,
            '{{ grain }}' as period_grain,
            year_start,
            closes_on,
            patients,
            patients_at_close
        from {{ ref('int_patients_of_' ~ grain ~ 's') }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select * from final

{#- First day of the fiscal quarter in which a day lies. -#}
{% macro quarter_start(day, fiscal_year_start_month) -%}
    cast(
        date_trunc('month', {{ day }})
        - to_months(cast((month({{ day }}) - {{ fiscal_year_start_month }} + 12) % 3 as integer))
        as date
    )
{%- endmacro %}

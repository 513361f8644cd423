{#- First day of the fiscal quarter in which a day lies. -#}
{% macro quarter_start(day, fiscal_year_start_month) -%}
    {{ months_after(month_start(day), '-((month(' ~ day ~ ') - ' ~ fiscal_year_start_month ~ ' + 12) % 3)') }}
{%- endmacro %}

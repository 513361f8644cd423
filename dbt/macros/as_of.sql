{#- The only clock: the day for which the refresh is made. Required when a query runs, not when the project is parsed. -#}
{% macro as_of() -%}
    {%- if execute -%} cast('{{ var("as_of") }}' as date) {%- else -%} cast(null as date) {%- endif -%}
{%- endmacro %}

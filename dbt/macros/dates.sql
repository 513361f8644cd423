{#- First day of the month of a date. -#}
{% macro month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{#- Last day of the month of a date; 29 February where there is one. -#}
{% macro month_end(day) -%}
    last_day({{ day }})
{%- endmacro %}

{#- The last whole month (its first day) that ends on or before a day. -#}
{% macro last_complete_month(day) -%}
    cast(date_trunc('month', {{ day }} + interval 1 day) - interval 1 month as date)
{%- endmacro %}

{#- The calendar day of a UTC timestamp in the company's time zone. -#}
{% macro local_date(timestamp_utc, timezone_name) -%}
    cast({{ clock_in(timestamp_utc, timezone_name) }} as date)
{%- endmacro %}

{#- The day from which holds what a source gives without a day: since before any record. -#}
{% macro since_ever() -%}
    date '1900-01-01'
{%- endmacro %}

{#- The day until which holds what nothing has replaced or ended. -#}
{% macro for_ever() -%}
    date '9999-12-31'
{%- endmacro %}

{#- Days and months, equal on DuckDB and Spark. `date + integer` is a date on both; everything else about days goes through here. -#}

{#- Whole days from one day to another; negative where the last lies before the first. -#}
{% macro days_between(first, last) -%}
    {{ adapter.dispatch('days_between')(first, last) }}
{%- endmacro %}

{% macro duckdb__days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__days_between(first, last) -%}
    cast(datediff({{ last }}, {{ first }}) as bigint)
{%- endmacro %}

{#- Ends of months passed from one day to another: 31 January to 1 February is one, 1 to 31 January none. -#}
{% macro months_between(first, last) -%}
    ((year({{ last }}) - year({{ first }})) * 12 + month({{ last }}) - month({{ first }}))
{%- endmacro %}

{#- Whole seconds from one moment to another. -#}
{% macro seconds_between(first, last) -%}
    {{ adapter.dispatch('seconds_between')(first, last) }}
{%- endmacro %}

{% macro duckdb__seconds_between(first, last) -%}
    date_diff('second', {{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__seconds_between(first, last) -%}
    (unix_seconds(cast({{ last }} as timestamp)) - unix_seconds(cast({{ first }} as timestamp)))
{%- endmacro %}

{#- Minutes of the clock passed from one moment to another: 10:00:59 to 10:01:00 is one. -#}
{% macro minutes_between(first, last) -%}
    {{ adapter.dispatch('minutes_between')(first, last) }}
{%- endmacro %}

{% macro duckdb__minutes_between(first, last) -%}
    date_diff('minute', {{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__minutes_between(first, last) -%}
    (
        floor(unix_seconds(cast({{ last }} as timestamp)) / 60)
        - floor(unix_seconds(cast({{ first }} as timestamp)) / 60)
    )
{%- endmacro %}

{#- The day that lies a number of months later (earlier where negative), the month's last day where it is shorter. -#}
{% macro months_after(day, count) -%}
    {{ adapter.dispatch('months_after')(day, count) }}
{%- endmacro %}

{% macro duckdb__months_after(day, count) -%}
    cast({{ day }} + to_months(cast({{ count }} as integer)) as date)
{%- endmacro %}

{% macro spark__months_after(day, count) -%}
    add_months({{ day }}, cast({{ count }} as integer))
{%- endmacro %}

{#- A timestamp in UTC as the clock shows it in a time zone. -#}
{% macro clock_in(timestamp_utc, timezone_name) -%}
    {{ adapter.dispatch('clock_in')(timestamp_utc, timezone_name) }}
{%- endmacro %}

{% macro duckdb__clock_in(timestamp_utc, timezone_name) -%}
    timezone({{ timezone_name }}, make_timestamptz(epoch_us({{ timestamp_utc }})))
{%- endmacro %}

{% macro spark__clock_in(timestamp_utc, timezone_name) -%}
    from_utc_timestamp({{ timestamp_utc }}, {{ timezone_name }})
{%- endmacro %}

{#- What the clock shows in a time zone, as a timestamp in UTC. -#}
{% macro moment_in(clock, timezone_name) -%}
    {{ adapter.dispatch('moment_in')(clock, timezone_name) }}
{%- endmacro %}

{% macro duckdb__moment_in(clock, timezone_name) -%}
    timezone('UTC', timezone({{ timezone_name }}, {{ clock }}))
{%- endmacro %}

{% macro spark__moment_in(clock, timezone_name) -%}
    to_utc_timestamp({{ clock }}, {{ timezone_name }})
{%- endmacro %}

{#- The moment that lies a whole number of seconds later. -#}
{% macro seconds_after(moment, count) -%}
    {{ adapter.dispatch('seconds_after')(moment, count) }}
{%- endmacro %}

{% macro duckdb__seconds_after(moment, count) -%}
    {{ moment }} + to_seconds(cast({{ count }} as bigint))
{%- endmacro %}

{% macro spark__seconds_after(moment, count) -%}
    timestamp_micros(unix_micros({{ moment }}) + 1000000 * cast({{ count }} as bigint))
{%- endmacro %}

{#- How far one competitor holds a provider, 0 to 1: its share of all competitor money in the window,
    halved with each year since its last payment. Without competitor money, 0. To the sixth place: the last bit of a power
    is another in each engine. -#}
{% macro lock_in(top_usd, all_usd, last_paid_on, day) -%}
    round(
        coalesce(
            cast({{ top_usd }} as double) / nullif(cast({{ all_usd }} as double), 0)
            * pow(0.5, {{ days_between(last_paid_on, day) }} / cast(365.25 as double)),
            0
        ), 6
    )
{%- endmacro %}

{#- Whom a link by name serves although it would be too unsure alone: surest first, while of the links so made no more than one in a
    hundred is expected to be wrong. `linkable` is a CTE of `id` and `link_probability`, one row each. -#}
{% macro sure_by_name(linkable, id) -%}
    select {{ id }}
    from (
        select
            {{ id }},
            sum(1 - link_probability) over surest_first as errors_expected,
            row_number() over surest_first as links_by_name
        from {{ linkable }}
        window surest_first as (order by link_probability desc nulls last, {{ id }} asc)
    ) as expected
    where errors_expected <= 0.01 * links_by_name
{%- endmacro %}

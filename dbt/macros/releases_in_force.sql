{#- The releases that are known by `as_of`: of each of `kinds` and year the newest wins whole, from the day on which it is known.
    `dated` holds these, release_code and known_on, one row a release. -#}
{% macro releases_in_force(dated, kinds) -%}
    select
        {{ kinds | join(', ') }},
        release_code,
        known_on,
        coalesce(
            min(known_on) over (
                partition by {{ kinds | join(', ') }}
                order by release_code nulls first
                rows between 1 following and unbounded following
            ),
            {{ for_ever() }}
        ) as superseded_on
    from {{ dated }}
    where known_on <= {{ as_of() }}
{%- endmacro %}

{#- Arrays, equal on DuckDB and Spark: made, looked into, taken apart. Their elements have no promised order unless sorted. -#}

{#- An array of its arguments. -#}
{% macro array_of() -%}
    {{ adapter.dispatch('array_of')(varargs) }}
{%- endmacro %}

{% macro duckdb__array_of(elements) -%}
    [{{ elements | join(', ') }}]
{%- endmacro %}

{% macro spark__array_of(elements) -%}
    array({{ elements | join(', ') }})
{%- endmacro %}

{#- The distinct, given values of a group, sorted. -#}
{% macro sorted_set(value) -%}
    {{ adapter.dispatch('sorted_set')(value) }}
{%- endmacro %}

{% macro duckdb__sorted_set(value) -%}
    list(distinct {{ value }} order by {{ value }}) filter (where {{ value }} is not null)
{%- endmacro %}

{% macro spark__sorted_set(value) -%}
    nullif(array_sort(collect_set({{ value }})), array())
{%- endmacro %}

{#- All given values of a group, sorted, with repetitions. -#}
{% macro sorted_list(value) -%}
    {{ adapter.dispatch('sorted_list')(value) }}
{%- endmacro %}

{% macro duckdb__sorted_list(value) -%}
    list({{ value }} order by {{ value }}) filter (where {{ value }} is not null)
{%- endmacro %}

{% macro spark__sorted_list(value) -%}
    nullif(array_sort(collect_list({{ value }})), array())
{%- endmacro %}

{#- One row an element; none for an empty or missing array. In a select list, once a select, never inside an expression. -#}
{% macro one_row_each(elements) -%}
    {{ adapter.dispatch('one_row_each')(elements) }}
{%- endmacro %}

{% macro duckdb__one_row_each(elements) -%}
    unnest({{ elements }})
{%- endmacro %}

{% macro spark__one_row_each(elements) -%}
    explode({{ elements }})
{%- endmacro %}

{#- Whole numbers from the first to the last, both included; none where the last is smaller. For `one_row_each`. -#}
{% macro numbers_from_to(first, last) -%}
    {{ adapter.dispatch('numbers_from_to')(first, last) }}
{%- endmacro %}

{% macro duckdb__numbers_from_to(first, last) -%}
    generate_series({{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__numbers_from_to(first, last) -%}
    case when {{ first }} <= {{ last }} then sequence({{ first }}, {{ last }}) else array() end
{%- endmacro %}

{#- First days of the months from one to another, both included. For `one_row_each`. -#}
{% macro months_from_to(first, last) -%}
    {{ adapter.dispatch('months_from_to')(first, last) }}
{%- endmacro %}

{% macro duckdb__months_from_to(first, last) -%}
    cast(generate_series({{ first }}, {{ last }}, interval 1 month) as date[])
{%- endmacro %}

{% macro spark__months_from_to(first, last) -%}
    case when {{ first }} <= {{ last }} then sequence({{ first }}, {{ last }}, interval 1 month) else array() end
{%- endmacro %}

{#- An element by its place, counted from 1; empty beyond the end. -#}
{% macro element(elements, place) -%}
    {{ adapter.dispatch('element')(elements, place) }}
{%- endmacro %}

{% macro duckdb__element(elements, place) -%}
    list_extract({{ elements }}, {{ place }})
{%- endmacro %}

{% macro spark__element(elements, place) -%}
    try_element_at({{ elements }}, {{ place }})
{%- endmacro %}

{#- How many elements; null for a missing array. -#}
{% macro array_length(elements) -%}
    {{ adapter.dispatch('array_length')(elements) }}
{%- endmacro %}

{% macro duckdb__array_length(elements) -%}
    len({{ elements }})
{%- endmacro %}

{% macro spark__array_length(elements) -%}
    array_size({{ elements }})
{%- endmacro %}

{#- Where a value stands among literals, counted from 1; null where it does not. -#}
{% macro place_among(value, literals) -%}
    case {{ value }}{% for literal in literals %} when '{{ literal }}' then {{ loop.index }}{% endfor %} end
{%- endmacro %}

{#- Several arrays one after the other; a missing one counts as empty. -#}
{% macro arrays_joined() -%}
    {{ adapter.dispatch('arrays_joined')(varargs) }}
{%- endmacro %}

{% macro duckdb__arrays_joined(arrays) -%}
    list_concat({{ arrays | join(', ') }})
{%- endmacro %}

{% macro spark__arrays_joined(arrays) -%}
    concat({% for one in arrays %}coalesce({{ one }}, array()){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{#- Each given element once. -#}
{% macro distinct_elements(elements) -%}
    {{ adapter.dispatch('distinct_elements')(elements) }}
{%- endmacro %}

{% macro duckdb__distinct_elements(elements) -%}
    list_distinct({{ elements }})
{%- endmacro %}

{% macro spark__distinct_elements(elements) -%}
    array_compact(array_distinct({{ elements }}))
{%- endmacro %}

{#- Whether two arrays have an element in common. -#}
{% macro arrays_meet(one, other) -%}
    {{ adapter.dispatch('arrays_meet')(one, other) }}
{%- endmacro %}

{% macro duckdb__arrays_meet(one, other) -%}
    list_has_any({{ one }}, {{ other }})
{%- endmacro %}

{% macro spark__arrays_meet(one, other) -%}
    arrays_overlap(array_compact({{ one }}), array_compact({{ other }}))
{%- endmacro %}

{#- The largest element. -#}
{% macro largest_element(elements) -%}
    {{ adapter.dispatch('largest_element')(elements) }}
{%- endmacro %}

{% macro duckdb__largest_element(elements) -%}
    list_max({{ elements }})
{%- endmacro %}

{% macro spark__largest_element(elements) -%}
    array_max({{ elements }})
{%- endmacro %}

{#- The elements for which a condition holds; `condition` speaks of one of them by the name `each`. -#}
{% macro elements_where(elements, condition) -%}
    {{ adapter.dispatch('elements_where')(elements, condition) }}
{%- endmacro %}

{% macro duckdb__elements_where(elements, condition) -%}
    list_filter({{ elements }}, lambda each : {{ condition }})
{%- endmacro %}

{% macro spark__elements_where(elements, condition) -%}
    filter({{ elements }}, each -> {{ condition }})
{%- endmacro %}

{#- An expression of each element; `expression` speaks of it by the name `each`. -#}
{% macro elements_as(elements, expression) -%}
    {{ adapter.dispatch('elements_as')(elements, expression) }}
{%- endmacro %}

{% macro duckdb__elements_as(elements, expression) -%}
    list_transform({{ elements }}, lambda each : {{ expression }})
{%- endmacro %}

{% macro spark__elements_as(elements, expression) -%}
    transform({{ elements }}, each -> {{ expression }})
{%- endmacro %}

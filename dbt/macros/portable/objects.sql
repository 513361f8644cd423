{#- Structs and JSON, equal on DuckDB and Spark. JSON is a type of DuckDB; on Spark it is text that holds it. -#}

{#- The type of a column that holds JSON. -#}
{% macro json_type() -%}
    {{ adapter.dispatch('json_type')() }}
{%- endmacro %}

{% macro duckdb__json_type() -%}
    json
{%- endmacro %}

{% macro spark__json_type() -%}
    string
{%- endmacro %}

{#- A struct from a mapping of names to expressions; its fields are read as `struct.field`. -#}
{% macro struct_of(fields) -%}
    {{ adapter.dispatch('struct_of')(fields) }}
{%- endmacro %}

{% macro duckdb__struct_of(fields) -%}
    struct_pack({% for name, value in fields.items() %}{{ name }} := {{ value }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro spark__struct_of(fields) -%}
    named_struct({% for name, value in fields.items() %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{#- A JSON object from a mapping of names to expressions, in their order, with its nulls. -#}
{% macro json_object_of(fields) -%}
    {{ adapter.dispatch('json_object_of')(fields) }}
{%- endmacro %}

{% macro duckdb__json_object_of(fields) -%}
    to_json({{ duckdb__struct_of(fields) }})
{%- endmacro %}

{% macro spark__json_object_of(fields) -%}
    to_json({{ spark__struct_of(fields) }}, map('ignoreNullFields', 'false'))
{%- endmacro %}

{#- The text at a path of a JSON column. -#}
{% macro json_text(json, path) -%}
    {{ adapter.dispatch('json_text')(json, path) }}
{%- endmacro %}

{% macro duckdb__json_text(json, path) -%}
    {{ json }} ->> '{{ path }}'
{%- endmacro %}

{% macro spark__json_text(json, path) -%}
    get_json_object({{ json }}, '{{ path }}')
{%- endmacro %}

{#- A whole number for some columns: rows that are alike in all of them have one number, and so, rarely, have two that are not.
    Good for finding few rows among many; whether two rows are alike is asked of the columns. -#}
{% macro hash_of() -%}
    {{ adapter.dispatch('hash_of')(varargs) }}
{%- endmacro %}

{% macro duckdb__hash_of(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__hash_of(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}

{#- `*` without some columns, as in `select people.{{ star_without('person') }}`. -#}
{% macro star_without() -%}
    {{ adapter.dispatch('star_without')(varargs) }}
{%- endmacro %}

{% macro duckdb__star_without(columns) -%}
    * exclude ({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__star_without(columns) -%}
    * except ({{ columns | join(', ') }})
{%- endmacro %}

{#- A table that stays as it is while nothing it is built of has changed, whole or part by part: dbt/README.md, "Kept from night to
    night".

    What it was built of and what it holds is written on the table itself, as its comment, when it stands: a table that a killed
    night left half way, or that was built in any other way, bears none and is built anew. -#}
{% materialization kept, adapter='duckdb' %}
    {%- set told, now = kept__built_of() -%}
    {%- set found = load_cached_relation(this) -%}
    {%- set parts = none -%}
    {%- if found is not none and found.is_table and not should_full_refresh() and told -%}
        {%- set parts = kept__parts_to_build(told, now) -%}
    {%- endif -%}

    {%- if parts is none -%}
        {%- set built = materialization_table_duckdb() -%}
        {%- do kept__tell(now, kept__holds()) -%}
        {{ return(built) }}
    {%- elif parts | length > 0 -%}
        {#- From here until the table tells again what it holds, it tells nothing. -#}
        {%- do run_query('comment on table ' ~ this ~ ' is null') -%}
        {% call statement('parts') -%}
            {{ kept__build_parts(parts) }}
        {%- endcall %}
        {%- do adapter.commit() -%}
        {%- do kept__tell(now, kept__holds(told, parts)) -%}
    {%- endif -%}
    {%- set message = 'KEPT' if not parts else 'KEPT BUT ' ~ parts | length -%}
    {% call noop_statement('main', message, message, -1) -%}
        select 1
    {%- endcall %}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{#- Elsewhere it is a table like any other. -#}
{% materialization kept, adapter='spark' %}
    {{ return(dbt.materialization_table_spark()) }}
{% endmaterialization %}

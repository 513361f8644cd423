{#- Tables and views of a night: what stood there is dropped and the new one made in its place, in one transaction, so a model that fails
    leaves what was before. dbt-duckdb's own way makes it beside, renames twice and drops afterwards, to let others read meanwhile;
    nobody reads the warehouse while a night runs, and for some hundred small tables that takes longer than their queries. -#}
{% materialization view, adapter='duckdb' %}
    {%- set found, sql = load_cached_relation(this), create_view_as(this, compiled_code) -%}
    {%- if found is not none and not found.is_view -%}
        {%- do made_in_place('view', sql) -%}
    {%- else -%}
        {% call statement('main', auto_begin=False) -%}
            {{ sql | replace('create view', 'create or replace view', 1) }}
        {%- endcall %}
    {%- endif -%}
    {#- A view holds what its SQL and its inputs tell. -#}
    {%- do kept__tell({'holds': local_md5(compiled_code)}, 'view') -%}
    {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmaterialization %}

{% macro made_in_place(type, sql) -%}
    {%- set found = load_cached_relation(this) -%}
    {%- do adapter.ensure_transaction() -%}
    {%- if found is not none -%}
        {%- do adapter.add_query('drop ' ~ found.type ~ ' if exists ' ~ this, auto_begin=False) -%}
    {%- endif -%}
    {% call statement('main') -%}
        {{ sql }}
    {%- endcall %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [this.incorporate(type=type)]}) }}
{%- endmacro %}

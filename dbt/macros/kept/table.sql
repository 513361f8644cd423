{#- A table of a night: the one before is dropped and this one built in its place, in one transaction, so a model that fails leaves the
    earlier table. dbt-duckdb's own way builds beside it, renames twice and drops afterwards, to let others read meanwhile; nobody else
    ever reads the warehouse while a night runs, and with some hundred tables that takes longer than their queries. -#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set found = load_cached_relation(this) -%}
    {%- do adapter.ensure_transaction() -%}
    {%- if found is not none -%}
        {%- do adapter.drop_relation(found) -%}
    {%- endif -%}
    {% call statement('main') -%}
        {{ create_table_as(False, target, compiled_code) }}
    {%- endcall %}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

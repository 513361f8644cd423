{#- A table that stays as it is while nothing it is built of has changed: dbt/README.md, "Kept from night to night".

    What it was built of and what it holds is written on the table itself, as its comment, when it stands: a table that a killed
    night left half way, or that was built in any other way, bears none and is built anew. -#}
{% materialization kept, adapter='duckdb' %}
    {%- set built_of = kept__built_of() -%}
    {%- set found = load_cached_relation(this) -%}
    {%- set told = kept__told(this.schema ~ '.' ~ this.identifier) -%}
    {%- if found is not none and found.is_table and not should_full_refresh() and told.built_of == built_of -%}
        {% call noop_statement('main', 'KEPT', 'KEPT', -1) -%}
            select 1
        {%- endcall %}
        {{ return({'relations': [this.incorporate(type='table')]}) }}
    {%- endif -%}

    {%- set built = dbt.materialization_table_duckdb() -%}
    {%- set holds = kept__contents(this) -%}
    {% do run_query('comment on table ' ~ this ~ " is '" ~ tojson({'built_of': built_of, 'holds': holds}) ~ "'") %}
    {{ return(built) }}
{% endmaterialization %}

{#- Elsewhere it is a table like any other. -#}
{% materialization kept, adapter='spark' %}
    {{ return(dbt.materialization_table_spark()) }}
{% endmaterialization %}

{#- A mart's contract on Spark: the types as promised, said in Spark's words. Text has no `varchar` without a length there, and JSON is
    text that holds it. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
    {%- for column in columns.values() %}
        cast(null as {{ {'varchar': 'string', 'json': 'string'}.get(column['data_type'], column['data_type']) }})
            as {{ adapter.quote(column['name']) }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Parquet keeps no `not null`: that a column of a mart is never empty is enforced where DuckDB writes the same rows. -#}
{% macro spark__persist_constraints(relation, model) -%}
{%- endmacro %}

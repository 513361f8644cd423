{#- Some rows of the running model in place of others. `kept_gone` is what stood there and `kept_come` what stands there now, for who asks
    what has changed. -#}
{% macro kept__replace(gone, come) -%}
    {{ return([
        'create or replace temp table kept_gone as select rowid as kept_row, * from ' ~ this ~ ' where ' ~ gone,
        'create or replace temp table kept_come as select * from ' ~ this ~ ' limit 0',
        'insert into kept_come by name ' ~ come,
        'delete from ' ~ this ~ ' where rowid in (select kept_row from kept_gone)',
        'insert into ' ~ this ~ ' select * from kept_come'
    ] | join(';\n')) }}
{%- endmacro %}

{% macro kept__remember_gone() -%}
    {%- do adapter.add_query('create or replace temp table kept_gone as select rowid as kept_row, * from ' ~ this, auto_begin=False) -%}
{%- endmacro %}

{% macro kept__gone() -%}
    {{ return('(select * exclude (kept_row) from kept_gone)') }}
{%- endmacro %}

{#- A table whose twin says `told_by_key: [npi]` tells the keys of the rows in which it differs from what it held before, by their hashes;
    of very many it says nothing, and who reads it is built whole. -#}
{% macro kept__changed(told, rows) -%}
    {%- set hashes = kept__column(
        'select distinct hash(' ~ model.config.meta.told_by_key | join(', ') ~ ') from (' ~ rows ~ ') limit 10001'
    ) -%}
    {{ return({'since': told.holds, 'hashes': hashes | join(', ')} if hashes | length <= 10000 else none) }}
{%- endmacro %}

{% macro kept__rows_that_differ() -%}
    {{ return(
        '(from ' ~ this ~ ' except all from ' ~ kept__gone() ~ ') union all (from ' ~ kept__gone() ~ ' except all from ' ~ this ~ ')'
    ) }}
{%- endmacro %}

{#- Some rows of the running model in place of others: those of which `wanted` is true. Nothing is held beside the table: what it holds
    is told by sums, taken before and after. -#}
{% macro kept__replace(wanted, come) -%}
    {{ return('delete from ' ~ this ~ ' where ' ~ wanted ~ ';\ninsert into ' ~ this ~ ' by name ' ~ come) }}
{%- endmacro %}

{% macro kept__where(wanted) -%}
    {{ return('(select * from ' ~ this ~ ' where ' ~ wanted ~ ')') }}
{%- endmacro %}

{% macro kept__remember_gone() -%}
    {%- do adapter.add_query('create or replace temp table kept_gone as from ' ~ this, auto_begin=False) -%}
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
    {{ return('(from ' ~ this ~ ' except all from kept_gone) union all (from kept_gone except all from ' ~ this ~ ')') }}
{%- endmacro %}

{#- Rows that come to others stand behind them whatever their order, and to sort wide ones takes as long as half of what finds them. -#}
{% macro kept__unordered(sql) -%}
    {{ return(modules.re.sub('\\norder by (?![^()]*\\blimit\\b)[^()]+$', '', sql.rstrip())) }}
{%- endmacro %}

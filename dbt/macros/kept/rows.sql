{#- A model whose twin says `kept_by_row: {key: [npi]}` has no two rows alike, as `key` is unique in it. Where something it is built of
    has changed, its rows are compared with those that stand there, by their hashes, and only those that differ are written: most rows
    of a wide table say the same on the next day, and to write them takes longer than to find them.

    bears: a column in which every row bears `as_of`. It is left out when rows are compared, and written over in all of them. -#}

{#- What replaces the rows that differ; none where the table must be built whole, as its columns may be others than those that stand. -#}
{% macro kept__compared(told, now) -%}
    {%- if not told.columns_of or told.columns_of != now.columns_of -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set found = ' exclude (kept_come, kept_row, kept_gone) from kept_news' -%}
    {%- do adapter.add_query(
        'create or replace temp table kept_news as select come.*, stood.* from (select *, ' ~ kept__hash() ~ ' as kept_come from ('
        ~ kept__unordered(compiled_code) ~ '\n)) as come full join (select rowid as kept_row, ' ~ kept__hash() ~ ' as kept_gone from ' ~ this
        ~ ') as stood on come.kept_come = stood.kept_gone where come.kept_come is null or stood.kept_gone is null', auto_begin=False
    ) -%}
    {%- set columns = [] -%}
    {%- for relation in ['(select *' ~ found ~ ')', this] -%}
        {%- do columns.append(kept__rows('select column_name, column_type from (describe from ' ~ relation ~ ') order by all')) -%}
    {%- endfor -%}
    {%- if columns[0] != columns[1] -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set gone, come = 'rowid in (select kept_row from kept_news)', '(select *' ~ found ~ ' where kept_come is not null)' -%}
    {%- set steps = [kept__replace(gone, 'from ' ~ come)] -%}
    {%- if kept__bears() -%}
        {%- do steps.append('update ' ~ this ~ ' set ' ~ kept__bears() ~ ' = ' ~ as_of() ~ ' where ' ~ kept__bears() ~ ' <> ' ~ as_of()) -%}
    {%- endif -%}
    {{ return({'gone': kept__where(gone), 'sql': steps | join(';\n'), 'come': come}) }}
{%- endmacro %}

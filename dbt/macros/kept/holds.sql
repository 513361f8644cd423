{#- What a table holds, told so that whoever reads it can see whether anything has changed, and where.

    holds: the number of its rows and the sum of their hashes, in any order.
    parts: the same by day, of the column that `kept_by` or `told_by` of its twin names.
    known: the same by the day from which a row counts (`known_from`), and by each date of `ends` and of `turns`, on which a row
        comes to say something else; one of `ends` says nothing before it comes.

    Where some rows alone were built anew, the sums are as `told` before, less those of `kept_gone` and more those of `kept_come`. A
    table is read once for each of these, so the first follows from another where there is one, and a table that no model reads says
    nothing. -#}
{% macro kept__holds(told=none) -%}
    {%- set meta = model.config.meta -%}
    {%- set by = meta.kept_by.column if meta.kept_by else meta.told_by -%}
    {%- set held = {} -%}
    {%- if not kept__is_read() -%}
        {{ return(held) }}
    {%- endif -%}
    {%- if by -%}
        {%- do held.update({'by': by, 'parts': kept__digests(by, [], [], told.parts if told else none)}) -%}
    {%- endif -%}
    {%- if meta.known_from -%}
        {%- do held.update({
            'known': kept__digests(meta.known_from, meta.ends or [], meta.turns or [], told.known if told else none)
        }) -%}
    {%- endif -%}
    {%- if held -%}
        {%- do held.update({'holds': local_md5(tojson(held.parts if by else held.known, sort_keys=true))}) -%}
    {%- else -%}
        {%- do held.update({'holds': kept__contents(this)}) -%}
    {%- endif -%}
    {{ return(held) }}
{%- endmacro %}

{%- macro kept__is_read() -%}
    {%- if 'kept_read' not in graph -%}
        {%- set read = {} -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
            {%- for input in node.depends_on.nodes -%}
                {%- do read.update({input: true}) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- do graph.setdefault('kept_read', read) -%}
    {%- endif -%}
    {{ return(model.unique_id in graph.kept_read) }}
{%- endmacro %}

{#- Hashes of rows, summed by day. The dates of `ends` are no part of a row, but rows of their own, on their day. -#}
{% macro kept__digests(day, ends, turns, before=none) -%}
    {%- set row = 'hash(*columns(*' ~ (' exclude (' ~ ends | join(', ') ~ ')' if ends else '') ~ '))' -%}
    {%- set queries = [] -%}
    {%- set built = [[' ', this]] if before is none else [[' ', 'kept_come'], ['-', kept__gone()]] -%}
    {%- for sign, rows in built -%}
        {%- do queries.append(
            'select ' ~ day ~ ' as day, ' ~ sign ~ 'count(*) as counted, ' ~ sign ~ 'sum(' ~ row ~ ') as digest from ' ~ rows
            ~ ' group by 1'
        ) -%}
        {%- for turn in ends + turns -%}
            {%- do queries.append(
                'select greatest(' ~ turn ~ ', ' ~ day ~ '), ' ~ sign ~ 'count(*), ' ~ sign ~ 'sum(hash(' ~ row ~ ", '" ~ turn ~ "', "
                ~ turn ~ ')) from ' ~ rows ~ ' where ' ~ turn ~ ' is not null group by 1'
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set found = dict(before or {}) -%}
    {%- for day, counted, digest in kept__rows(
        "select coalesce(cast(day as varchar), ''), sum(counted), sum(digest) from (" ~ queries | join(' union all ') ~ ') group by day'
    ) -%}
        {%- set told = (found.pop(day, '0 0')).split(' ') -%}
        {%- set rows = (told[0] | int) + (counted | int) -%}
        {%- do found.update({day: rows ~ ' ' ~ ((told[1] | int) + (digest | int))} if rows else {}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro kept__contents(relation) -%}
    {{ return(kept__one_value("select count(*) || ' ' || coalesce(sum(hash(each)), 0) from " ~ relation ~ ' as each')) }}
{%- endmacro %}

{#- Written on the table or view when it stands. -#}
{% macro kept__tell(holds, type='table') -%}
    {%- set told = tojson(holds) -%}
    {%- do adapter.add_query('comment on ' ~ type ~ ' ' ~ this ~ " is '" ~ told | replace("'", "''") ~ "'", auto_begin=False) -%}
    {%- do kept__told().update({kept__place(model): fromjson(told)}) -%}
{%- endmacro %}

{#- What a table holds, told so that whoever reads it can see whether anything has changed, and where.

    holds: the number of its rows and the sum of their hashes, in any order.
    parts: the same by day, of the column that `kept_by` or `told_by` of its twin names.
    known: the same by the day from which a row counts (`known_from`), and by each date of `ends` and of `turns`, on which a row
        comes to say something else; one of `ends` says nothing before it comes. Where a column `adds` up, a row that says three of
        something tells the same as two rows that say one and two, of which one may end before the other. `adds` names the column,
        whose values are above zero, and how many of its smallest units make one.

    rows: the same of all, where neither of them is asked for.

    Where some rows alone were built anew, the sums are as `told` before, less those of the rows that went (`gone`) and more those of the
    rows that came. A table that no model reads says nothing. -#}
{% macro kept__holds(come, told=none, gone=none) -%}
    {%- set held = {} -%}
    {%- for name, sums in kept__sums(come).items() -%}
        {%- do held.update({name: kept__balanced(told[name], gone[name], sums) if told else sums}) -%}
    {%- endfor -%}
    {%- if held -%}
        {%- do held.update(
            by=kept__told_by() or none,
            holds=local_md5(tojson([held.values() | first, var('as_of') if kept__bears() else none], sort_keys=true))
        ) -%}
    {%- endif -%}
    {{ return(held) }}
{%- endmacro %}

{% macro kept__told_by() -%}
    {%- set meta = model.config.meta -%}
    {{ return(meta.told_by or (meta.kept_by or {}).column) }}
{%- endmacro %}

{% macro kept__bears() -%}
    {{ return((model.config.meta.kept_by_row or {}).bears) }}
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

{#- What rows say: number and sum of hashes by day. Parts that are replaced as a whole (`replaced`) have told of themselves already. -#}
{% macro kept__sums(rows, told=none, replaced=none) -%}
    {%- set meta, by, sums = model.config.meta, kept__told_by(), {} -%}
    {%- if not kept__is_read() -%}
        {{ return(sums) }}
    {%- endif -%}
    {%- if by and replaced and by == meta.kept_by.column -%}
        {%- do sums.update({'parts': dict(told.parts.items() | selectattr(0, 'in', replaced))}) -%}
    {%- elif by -%}
        {%- do sums.update({'parts': kept__digests(rows, by, [], [])}) -%}
    {%- endif -%}
    {%- if meta.known_from -%}
        {%- do sums.update({'known': kept__digests(rows, meta.known_from, meta.ends or [], meta.turns or [], meta.adds or [])}) -%}
    {%- endif -%}
    {{ return(sums or {'rows': kept__digests(rows, "''", [], [])}) }}
{%- endmacro %}

{#- Of all columns, but those named and the day that every row bears. -#}
{% macro kept__hash(but=[]) -%}
    {%- set but = but + ([kept__bears()] if kept__bears() else []) -%}
    {%- set row = 'hash(*columns(*' ~ (' exclude (' ~ but | join(', ') ~ ')' if but else '') ~ '))' -%}
    {{ return(row) }}
{%- endmacro %}

{#- Hashes of rows, summed by day. The dates of `ends` are no part of a row, but rows of their own, on their day. -#}
{% macro kept__digests(rows, day, ends, turns, adds=[]) -%}
    {%- set row = kept__hash(ends + adds[:1]) -%}
    {%- set weight = '(' ~ adds | join(' * ') ~ ')::bigint' if adds -%}
    {%- set counted = 'sum(' ~ weight ~ ')' if adds else 'count(*)' -%}
    {%- set queries = [
        'select ' ~ day ~ ' as day, ' ~ counted ~ ' as counted, ' ~ kept__summed(row, weight) ~ ' as digest from ' ~ rows ~ ' group by 1'
    ] -%}
    {%- for turn in ends + turns -%}
        {%- set turned = kept__summed('hash(' ~ row ~ ", '" ~ turn ~ "', " ~ turn ~ ')', weight) -%}
        {%- do queries.append(
            'select greatest(' ~ turn ~ ', ' ~ day ~ '), ' ~ counted ~ ', ' ~ turned ~ ' from ' ~ rows
            ~ ' where ' ~ turn ~ ' is not null group by 1'
        ) -%}
    {%- endfor -%}
    {%- set found = {} -%}
    {%- for day, counted, digest in kept__rows(
        "select coalesce(cast(day as varchar), ''), sum(counted), sum(digest) from (" ~ queries | join(' union all ') ~ ') group by day'
    ) -%}
        {%- do found.update({day: counted ~ ' ' ~ digest}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- As often as the row says it, where it says how often; without the last bits, so that no sum is too large for its type. -#}
{% macro kept__summed(hash, weight) -%}
    {{ return('sum((' ~ hash ~ ' >> 20)::hugeint * ' ~ weight ~ ')' if weight else 'sum(' ~ hash ~ ')') }}
{%- endmacro %}

{% macro kept__balanced(before, less, more) -%}
    {%- set found = dict(before) -%}
    {%- for sign, sums in [(-1, less), (1, more)] -%}
        {%- for day, told in sums.items() -%}
            {%- set counted, digest = told.split(' ') -%}
            {%- set had = (found.pop(day, '0 0')).split(' ') -%}
            {%- set rows = (had[0] | int) + sign * (counted | int) -%}
            {%- do found.update({day: rows ~ ' ' ~ ((had[1] | int) + sign * (digest | int))} if rows else {}) -%}
        {%- endfor -%}
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

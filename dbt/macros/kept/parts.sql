{#- Which parts of the running model must be built anew: none where all of it must, an empty list where it holds what it should.

    A model whose twin says `kept_by: {column: snapshot_on, listed_in: int_snapshots, as_known: […]}` is some rows a day of that
    column, and joins whatever else is told by the same column on that day alone. What stands in `as_known` it reads only as it was
    known on the day. So a day is kept where nothing is new of the day, and nothing of what was known by then. -#}
{% macro kept__parts_to_build(told, now) -%}
    {%- if told.sql == now.sql and told.reads == now.reads -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set kept_by = model.config.meta.kept_by -%}
    {%- if told.sql != now.sql or not kept_by or told.reads.keys() | sort != now.reads.keys() | sort -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set listed, news = now.reads[kept_by.listed_in].parts or {}, [] -%}
    {%- for name, read in now.reads.items() if read.holds != told.reads[name].holds -%}
        {%- do news.append(kept__days_with_news(name, told.reads[name], read, listed)) -%}
    {%- endfor -%}
    {#- What has no day, or most of all days, is not worth the parting. -#}
    {%- set parts = [] if none in news else news | sum(start=[]) | unique | sort -%}
    {{ return(none if none in news or '' in parts or 2 * parts | length > listed | length else parts) }}
{%- endmacro %}

{#- On which days an input tells otherwise than before; none where that cannot be told. -#}
{% macro kept__days_with_news(name, before, read, listed) -%}
    {%- if read.by == model.config.meta.kept_by.column and before.by == read.by -%}
        {{ return(kept__days_that_differ(before.parts, read.parts)) }}
    {%- endif -%}
    {%- if name not in (model.config.meta.kept_by.as_known or []) or not read.known or not before.known -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set first = kept__days_that_differ(before.known, read.known) | first | default('9999-12-31') -%}
    {{ return(listed | select('ge', first) | list) }}
{%- endmacro %}

{% macro kept__days_that_differ(before, after) -%}
    {%- set days = [] -%}
    {%- for day in (before | list + after | list) | unique if before[day] != after[day] -%}
        {%- do days.append(day) -%}
    {%- endfor -%}
    {{ return(days | sort) }}
{%- endmacro %}

{#- The model's own SQL, over the wanted days of every table that is told by the same column; rows of days that are gone go. -#}
{% macro kept__build_parts(parts, reads) -%}
    {%- set kept_by = model.config.meta.kept_by -%}
    {%- if ref(kept_by.listed_in) | string not in compiled_code -%}
        {%- do exceptions.raise_compiler_error(model.name ~ ' is kept by parts of ' ~ kept_by.listed_in ~ ' and does not read it') -%}
    {%- endif -%}
    {%- set wanted, over = kept__in_parts(kept_by.column, parts), {'sql': compiled_code} -%}
    {%- for name, read in reads.items() if read.by == kept_by.column -%}
        {%- set whole = ref(name) | string -%}
        {%- do over.update({'sql': over.sql | replace(whole, '(select * from ' ~ whole ~ ' where ' ~ wanted ~ ')')}) -%}
    {%- endfor -%}
    {{ return('delete from ' ~ this ~ ' where ' ~ wanted ~ '; insert into ' ~ this ~ ' ' ~ over.sql) }}
{%- endmacro %}

{% macro kept__in_parts(column, parts) -%}
    {%- set days = [] -%}
    {%- for day in parts -%}
        {%- do days.append("date '" ~ day ~ "'") -%}
    {%- endfor -%}
    {{ return(column ~ ' in (' ~ days | join(', ') ~ ')') }}
{%- endmacro %}

{#- Which parts of the running model must be built anew: none where all of it must, an empty list where it holds what it should.

    A model whose twin says `kept_by: {column: snapshot_on, listed_in: int_snapshots, as_known: […]}` is some rows a day of that
    column, and joins whatever else is told by the same column on that day alone. What stands in `as_known` it reads only as it was
    known on the day. So a day is kept where nothing is new of the day, and nothing of what was known by then.

    days: other tables call the same day otherwise. year_of: its column holds the first day of a year instead, and what is told by the
    days of these it joins by their year. months_of: its column holds the first day of a month, and what is told by these, the first
    days of years, it joins in all months of the year. -#}
{% macro kept__parts_to_build(told, now) -%}
    {%- if told.sql == now.sql and told.reads == now.reads -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set kept_by = model.config.meta.kept_by -%}
    {%- if told.sql != now.sql or not kept_by or told.reads.keys() | sort != now.reads.keys() | sort -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set days = now.reads[kept_by.listed_in] -%}
    {%- set listed, told_of, news = kept__parts_of(days.parts or {}, days.by), [], [] -%}
    {%- for name, read in now.reads.items() -%}
        {%- set before = told.reads[name] -%}
        {%- do told_of.extend(kept__parts_of(read.parts or {}, read.by) if read.by in kept__columns() else []) -%}
        {%- if read.holds != before.holds -%}
            {%- do news.append(kept__parts_with_news(name, before, read, listed)) -%}
        {%- endif -%}
        {%- if read.newest != before.newest -%}
            {%- do news.append(kept__parts_passed(name, before.newest, read.newest)) -%}
        {%- endif -%}
    {%- endfor -%}
    {#- What has no day, or most of all days of which anything is told, is not worth the parting. -#}
    {%- set parts = [] if none in news else news | sum(start=[]) | unique | sort -%}
    {{ return(none if none in news or '' in parts or 2 * parts | length > told_of | unique | list | length else parts) }}
{%- endmacro %}

{#- The columns that tell of the same parts. -#}
{% macro kept__columns() -%}
    {%- set kept_by = model.config.meta.kept_by -%}
    {{ return([kept_by.column] + (kept_by.days or []) + (kept_by.year_of or []) + (kept_by.months_of or [])) }}
{%- endmacro %}

{#- Which parts an input tells otherwise than before; none where that cannot be told. -#}
{% macro kept__parts_with_news(name, before, read, listed) -%}
    {%- set kept_by = model.config.meta.kept_by -%}
    {%- if read.by and before.by == read.by and read.by in kept__columns() -%}
        {{ return(kept__parts_of(kept__days_that_differ(before.parts, read.parts), read.by)) }}
    {%- endif -%}
    {%- if name not in (kept_by.as_known or []) or not read.known or not before.known -%}
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

{#- Which parts have rows whose day of `as_dated_tonight` was passed since, or is to come again. -#}
{% macro kept__parts_passed(name, before, after) -%}
    {%- set day = (model.config.meta.as_dated_tonight or {})[name] -%}
    {%- set by = model.config.meta.kept_by.column -%}
    {%- if not day or not before or not after -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set first, last = [before, after] | sort -%}
    {{ return(kept__column(
        'select distinct cast(' ~ by ~ ' as varchar) from ' ~ ref(name) ~ ' where ' ~ day ~ " > '" ~ first ~ "' and "
        ~ day ~ " <= '" ~ last ~ "'"
    )) }}
{%- endmacro %}

{#- The parts in which days lie: themselves, their years, or the months of the years that they begin. -#}
{% macro kept__parts_of(days, by) -%}
    {%- set kept_by, parts = model.config.meta.kept_by, [] -%}
    {%- set is_year_of, has_months_of = by in (kept_by.year_of or []), by in (kept_by.months_of or []) -%}
    {%- if not is_year_of and not has_months_of -%}
        {{ return(days | list) }}
    {%- endif -%}
    {%- set months = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] if has_months_of else ['01'] -%}
    {%- for day in days -%}
        {%- do parts.append(day) if not day -%}
        {%- for month in months if day -%}
            {%- do parts.append(day[:4] ~ '-' ~ month ~ '-01') -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(parts | unique | list) }}
{%- endmacro %}

{#- The model's own SQL, over the wanted parts of every table that is told by its column; rows of parts that are gone go. -#}
{% macro kept__build_parts(parts, reads) -%}
    {%- set kept_by = model.config.meta.kept_by -%}
    {%- if ref(kept_by.listed_in) | string not in compiled_code -%}
        {%- do exceptions.raise_compiler_error(model.name ~ ' is kept by parts of ' ~ kept_by.listed_in ~ ' and does not read it') -%}
    {%- endif -%}
    {%- set over = {'sql': compiled_code} -%}
    {%- for node in model.depends_on.nodes -%}
        {%- set name = node.split('.')[-1] -%}
        {%- set by = reads[name].divided_by if name in reads -%}
        {%- if by and by in kept__columns() -%}
            {%- set whole = ref(name) | string -%}
            {%- if by in (kept_by.year_of or []) -%}
                {%- set wanted = kept__in_years(by, parts) -%}
            {%- elif by in (kept_by.months_of or []) -%}
                {%- set wanted = kept__in_parts(by, kept__years_of(parts)) -%}
            {%- else -%}
                {%- set wanted = kept__in_parts(by, parts) -%}
            {%- endif -%}
            {%- do over.update({'sql': over.sql | replace(whole, '(select * from ' ~ whole ~ ' where ' ~ wanted ~ ')')}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set wanted = kept__in_parts(kept_by.column, parts) -%}
    {%- set rows = kept__where(wanted) -%}
    {%- set come = 'select * from (' ~ kept__unordered(over.sql) ~ '\n) where ' ~ wanted -%}
    {{ return({'gone': rows, 'sql': kept__replace(wanted, come), 'come': rows}) }}
{%- endmacro %}

{#- Of a list DuckDB reads every row whole; of what lies between two values, the key first, and the rest of few rows. -#}
{% macro kept__in_parts(column, parts) -%}
    {%- set sorted = parts | sort -%}
    {{ return(
        column ~ " in ('" ~ sorted | join("', '") ~ "') and " ~ column ~ " between '" ~ sorted[0] ~ "' and '" ~ sorted[-1] ~ "'"
    ) }}
{%- endmacro %}

{% macro kept__in_years(column, years) -%}
    {%- set within = [] -%}
    {%- for year in years -%}
        {%- do within.append(column ~ " between '" ~ year ~ "' and '" ~ year[:4] ~ "-12-31'") -%}
    {%- endfor -%}
    {{ return(within | join(' or ')) }}
{%- endmacro %}

{% macro kept__years_of(months) -%}
    {%- set years = [] -%}
    {%- for month in months -%}
        {%- do years.append(month[:4] ~ '-01-01') -%}
    {%- endfor -%}
    {{ return(years | unique | list) }}
{%- endmacro %}

{#- Which parts of the running model must be built anew: none where all of it must, an empty list where it holds what it should.

    A model whose twin says `kept_by: {column: snapshot_on, listed_in: int_snapshots, as_known: […]}` is a row or more a day of that
    column, and joins whatever else is told by the same column on that day alone. What stands in `as_known` it reads only as it was
    known on the day. So a day is kept where nothing is new of the day, and nothing of what was known by then. -#}
{% macro kept__parts_to_build(told, now) -%}
    {%- set kept_by = model.config.meta.kept_by -%}
    {%- if told.sql == now.sql and told.reads == now.reads -%}
        {{ return([]) }}
    {%- elif told.sql != now.sql or not kept_by or told.reads.keys() | sort != now.reads.keys() | sort -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set parts = {} -%}
    {%- set listed = now.reads[kept_by.listed_in].parts or {} -%}
    {%- for name, read in now.reads.items() if read.holds != told.reads[name].holds -%}
        {%- set before = told.reads[name] -%}
        {%- if read.by == kept_by.column and before.by == read.by -%}
            {%- for day in kept__days_that_differ(before.parts, read.parts) -%}
                {%- do parts.update({day: true}) -%}
            {%- endfor -%}
        {%- elif name in kept_by.as_known and read.known and before.known -%}
            {%- set first = kept__days_that_differ(before.known, read.known) | first -%}
            {%- for day in listed if first is defined and day >= first -%}
                {%- do parts.update({day: true}) -%}
            {%- endfor -%}
        {%- else -%}
            {{ return(none) }}
        {%- endif -%}
    {%- endfor -%}
    {#- What has no day, or most of all days, is not worth the parting. -#}
    {{ return(none if '' in parts or 2 * parts | length > listed | length else parts | sort) }}
{%- endmacro %}

{% macro kept__days_that_differ(before, after) -%}
    {%- set days = [] -%}
    {%- for day in (before | list + after | list) | unique if before[day] != after[day] -%}
        {%- do days.append(day) -%}
    {%- endfor -%}
    {{ return(days | sort) }}
{%- endmacro %}

{#- The model's own SQL, over the wanted days of the table that lists them; rows of days that are gone go. -#}
{% macro kept__build_parts(parts) -%}
    {%- set kept_by = model.config.meta.kept_by -%}
    {%- set wanted = kept__in_parts(kept_by.column, parts) -%}
    {%- set listed = ref(kept_by.listed_in) | string -%}
    {%- if listed not in compiled_code -%}
        {%- do exceptions.raise_compiler_error(model.name ~ ' is kept by parts of ' ~ kept_by.listed_in ~ ' and does not read it') -%}
    {%- endif -%}
    delete from {{ this }} where {{ wanted }};
    insert into {{ this }}
    {{ compiled_code | replace(listed, '(select * from ' ~ listed ~ ' where ' ~ wanted ~ ')') }}
{%- endmacro %}

{% macro kept__in_parts(column, parts) -%}
    {%- set days = [] -%}
    {%- for day in parts -%}
        {%- do days.append("date '" ~ day ~ "'") -%}
    {%- endfor -%}
    {{ return(column ~ ' in (' ~ days | join(', ') ~ ')') }}
{%- endmacro %}

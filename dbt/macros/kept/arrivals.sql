{#- A model whose twin says `grows_by: {source: …, rows_of: …, key: […]}` says of each key what rows of `rows_of` with that key tell, and
    these come in files of `source`. Where files have come and nothing else has changed, the keys of their rows are built anew, from all
    rows that bear them, and no others.

    clock: a table of one row, and in it the last day that counts of each named column of `rows_of`. Rows that it reaches now arrive too.
    beside: tables that grow by the same files; what they say of a key that has not arrived stays.
    alone: a key tells all by itself, so the rows that have come are enough. -#}

{#- What has arrived since the table stood, as a condition on `rows_of`; none where something else has changed too. -#}
{% macro kept__arrived(told, now) -%}
    {%- set grows_by = model.config.meta.grows_by -%}
    {%- if not grows_by or told.sql != now.sql or told.reads.keys() | sort != now.reads.keys() | sort -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set arrived = [] -%}
    {%- for name, read in now.reads.items() if read.holds != told.reads[name].holds -%}
        {%- set before = told.reads[name] -%}
        {%- if read.files and before.files -%}
            {%- do arrived.append(kept__in_files_added(read.folder, before.files, read.files)) -%}
        {%- elif read.last and before.last -%}
            {%- do arrived.append(kept__reached_since(before.last, read.last)) -%}
        {%- elif name not in (grows_by.beside or []) or read.grown_from != before.holds -%}
            {%- do arrived.append(none) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(none if none in arrived or not arrived else arrived | join(' or ')) }}
{%- endmacro %}

{#- Rows name the file of the landing zone that they stood in. One that was withdrawn, or that is another now, takes rows away. -#}
{% macro kept__in_files_added(folder, before, after) -%}
    {%- for file, state in before.items() if after[file] != state -%}
        {{ return(none) }}
    {%- endfor -%}
    {%- set added = [] -%}
    {%- for file in after if file not in before -%}
        {%- do added.append("'" ~ folder ~ '/' ~ file | replace("'", "''") ~ "'") -%}
    {%- endfor -%}
    {{ return('file_path in (select _file from read_parquet([' ~ added | join(', ') ~ ']))') }}
{%- endmacro %}

{#- A clock that was set back, or that did not go, takes rows away or has shown none. -#}
{% macro kept__reached_since(before, after) -%}
    {%- set reached = [] -%}
    {%- for column, day in after.items() -%}
        {%- if not before[column] or not day or day < before[column] -%}
            {{ return(none) }}
        {%- endif -%}
        {%- do reached.append(column ~ " > date '" ~ before[column] ~ "'") -%}
    {%- endfor -%}
    {{ return(reached | join(' or ')) }}
{%- endmacro %}

{#- What must be remembered to see it: the files of the source one by one, and how the clock stands. -#}
{% macro kept__remember_arrivals(reads) -%}
    {%- set grows_by = model.config.meta.grows_by -%}
    {%- for node in reads if node in graph.sources and graph.sources[node].name == grows_by.source -%}
        {%- set path, files = kept__files(graph.sources[node]), {} -%}
        {%- for file, state in kept__rows(
            "select parse_filename(filename), concat_ws(' ', size, last_modified) from read_blob('" ~ path ~ "')"
        ) -%}
            {%- do files.update({file: state}) -%}
        {%- endfor -%}
        {%- do reads[node].update({'files': files, 'folder': path.rpartition('/')[0]}) -%}
    {%- endfor -%}
    {%- if grows_by.clock -%}
        {%- set last = {} -%}
        {%- for column, told in grows_by.clock.last.items() -%}
            {%- do last.update({column: kept__one_value('select cast(' ~ told ~ ' as varchar) from ' ~ ref(grows_by.clock.table))}) -%}
        {%- endfor -%}
        {%- do reads[grows_by.clock.table].update({'last': last}) -%}
    {%- endif -%}
{%- endmacro %}

{#- The model's own SQL, over the rows of the keys that have arrived. -#}
{% macro kept__build_arrived(arrived) -%}
    {%- set grows_by = model.config.meta.grows_by -%}
    {%- set rows, key = ref(grows_by.rows_of) | string, 'hash(' ~ grows_by.key | join(', ') ~ ')' -%}
    {%- if rows not in compiled_code -%}
        {%- do exceptions.raise_compiler_error(model.name ~ ' grows by rows of ' ~ grows_by.rows_of ~ ' and does not read it') -%}
    {%- endif -%}
    {%- set wanted = arrived if grows_by.alone else key ~ ' in (select ' ~ key ~ ' from ' ~ rows ~ ' where ' ~ arrived ~ ')' -%}
    {{ return(
        'create or replace temp table kept_arrived as select * from ' ~ rows ~ ' where ' ~ wanted
        ~ '; delete from ' ~ this ~ ' where ' ~ key ~ ' in (select ' ~ key ~ ' from kept_arrived)'
        ~ '; insert into ' ~ this ~ ' ' ~ compiled_code | replace(rows, 'kept_arrived')
        ~ '; drop table kept_arrived'
    ) }}
{%- endmacro %}

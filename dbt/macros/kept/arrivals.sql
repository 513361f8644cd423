{#- A model whose twin says `grows_by: {rows_of: [int_claim_lines_known], key: […], …}` says of each key what rows with that key tell.
    Where rows have come, or have gone out of sight, and nothing else has changed, their keys are built anew, from all rows of `rows_of`
    that bear them, and no others. What tells that rows have come or gone:

    source: a file of that source, of which the first of `rows_of` names the path.
    clock: a table of one row, and in it the last day that counts of each named column of the first of `rows_of`, and whether any row
        `waits` for a later one.
    window: how many months before `as_of` each named column of it counts, zero for ever since.
    changed_in: tables that tell which keys have changed in them (`told_by_key`).

    found_by: a column of `rows_of` that all rows of a key share and that is read faster than the key: it tells in which files to look.
    stood_by: a column of the model in which a row bears the same as the row of `rows_of` that it tells of: what stood is found by it.
    beside: tables that grow by the same files; what they say of a key that has not arrived stays.
    alone: a key tells all by itself, so the rows that have come are enough.
    least: the same, where of a key that is told already the least of this column stays. -#}

{#- What has come or gone: queries of its keys, and of its rows; none where something else has changed too. -#}
{% macro kept__arrived(told, now) -%}
    {%- set grows_by = model.config.meta.grows_by -%}
    {%- if not grows_by or told.sql != now.sql or told.reads.keys() | sort != now.reads.keys() | sort -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set arrived = [] -%}
    {%- for name, read in now.reads.items() if read.holds != told.reads[name].holds -%}
        {%- set before = told.reads[name] -%}
        {%- if name == 'as_of' -%}
            {%- do arrived.append(kept__passed_since(before.holds, read.holds)) -%}
        {%- elif read.files and before.files -%}
            {%- do arrived.append(kept__in_files_added(read.folder, before.files, read.files)) -%}
        {%- elif read.last and before.last -%}
            {%- do arrived.append(kept__reached_since(before, read.last)) -%}
        {%- elif name in (grows_by.changed_in or []) and read.changed and read.changed.since == before.holds -%}
            {%- do arrived.append({'keys': 'select unnest(cast([' ~ read.changed.hashes ~ '] as ubigint[])) as key'}) -%}
        {%- elif name not in (grows_by.beside or []) or read.grown_from != before.holds -%}
            {%- do arrived.append(none) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(none if none in arrived or not arrived else arrived) }}
{%- endmacro %}

{% macro kept__rows_where(conditions) -%}
    {%- set rows = ' from ' ~ ref(model.config.meta.grows_by.rows_of[0]) ~ ' where ' ~ conditions | join(' or ') -%}
    {%- set found_by = ', ' ~ model.config.meta.grows_by.found_by ~ ' as found' if model.config.meta.grows_by.found_by else '' -%}
    {{ return({'keys': 'select ' ~ kept__key() ~ ' as key' ~ found_by ~ rows, 'rows': 'select *' ~ rows}) }}
{%- endmacro %}

{% macro kept__key() -%}
    {{ return('hash(' ~ model.config.meta.grows_by.key | join(', ') ~ ')') }}
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
    {%- set paths = kept__column('select distinct _file from read_parquet([' ~ added | join(', ') ~ ']) where _file is not null') -%}
    {{ return(dict(kept__rows_where([kept__in_files(paths)]), files=paths)) }}
{%- endmacro %}

{#- Between the first and the last of them DuckDB passes over files without reading them; of a list it reads all. -#}
{% macro kept__in_files(paths) -%}
    {%- set sorted = paths | sort | map('replace', "'", "''") | list or ['none'] -%}
    {{ return(
        "file_path in ('" ~ sorted | join("', '") ~ "') and file_path between '" ~ sorted[0] ~ "' and '" ~ sorted[-1] ~ "'"
    ) }}
{%- endmacro %}

{#- A clock that was set back, or that did not go, takes rows away or has shown none. -#}
{% macro kept__reached_since(before, after) -%}
    {%- set reached = [] -%}
    {%- for column, day in after.items() -%}
        {%- if not before.last[column] or not day or day < before.last[column] -%}
            {{ return(none) }}
        {%- endif -%}
        {%- do reached.append(column ~ " > date '" ~ before.last[column] ~ "'") -%}
    {%- endfor -%}
    {#- Where none waited, all that is reached now stands in files that came. -#}
    {%- if before.waits == 'false' -%}
        {{ return(kept__rows_where(['false'])) }}
    {%- endif -%}
    {#- Which files they stand in is read from a few columns, their keys then from these files alone. -#}
    {%- set condition = '(' ~ reached | join(' or ') ~ ')' -%}
    {%- set files = kept__column('select distinct file_path from ' ~ ref(model.config.meta.grows_by.rows_of[0]) ~ ' where ' ~ condition) -%}
    {{ return(kept__rows_where([condition ~ ' and ' ~ kept__in_files(files)])) }}
{%- endmacro %}

{#- What came into a window since one day, and what went out of it, whichever of the two days is the later. -#}
{% macro kept__passed_since(before, after) -%}
    {%- set passed = [] -%}
    {%- set days = [before, after] | sort -%}
    {%- for column, months in model.config.meta.grows_by.window.items() -%}
        {%- for back in [0, months] | unique -%}
            {%- set from, to = "date '" ~ days[0] ~ "'", "date '" ~ days[1] ~ "'" -%}
            {%- set ago = ' - interval ' ~ back ~ ' months' -%}
            {%- do passed.append(column ~ ' > ' ~ from ~ ago ~ ' and ' ~ column ~ ' <= ' ~ to ~ ago) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(kept__rows_where(passed)) }}
{%- endmacro %}

{#- What must be remembered to see it: the files of the source one by one, how the clock stands, and the day. -#}
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
        {%- set clock, last = grows_by.clock, {} -%}
        {%- for column, told in dict(clock.last, waits=clock.waits).items() -%}
            {%- do last.update({column: kept__one_value('select cast(' ~ told ~ ' as varchar) from ' ~ ref(clock.table))}) -%}
        {%- endfor -%}
        {%- do reads[clock.table].update({'waits': last.pop('waits'), 'last': last}) -%}
    {%- endif -%}
    {%- if grows_by.window -%}
        {%- do reads.update({'as_of': {'holds': var('as_of')}}) -%}
    {%- endif -%}
{%- endmacro %}

{#- The model's own SQL, over the rows of the keys that have arrived. What stood of these keys, and what comes in its place, are found once
    and held beside the table, to be summed and written: to look for them in the table again takes longer. -#}
{% macro kept__build_arrived(arrived) -%}
    {%- set grows_by, over = model.config.meta.grows_by, {'sql': compiled_code} -%}
    {%- if grows_by.least -%}
        {{ return(kept__build_least(arrived)) }}
    {%- endif -%}
    {%- set of_keys = kept__key() ~ ' in (select key from kept_keys)' -%}
    {%- set steps, done = [], [] -%}
    {%- do adapter.add_query(
        'create or replace temp table kept_keys as ' ~ arrived | map(attribute='keys') | join(' union all '), auto_begin=False
    ) -%}
    {%- for name in grows_by.rows_of -%}
        {%- set whole, part = ref(name) | string, 'kept_rows_' ~ loop.index -%}
        {%- if whole not in compiled_code -%}
            {%- do exceptions.raise_compiler_error(model.name ~ ' grows by rows of ' ~ name ~ ' and does not read it') -%}
        {%- endif -%}
        {%- set rows = 'select * from ' ~ whole ~ ' where ' ~ of_keys -%}
        {%- if grows_by.alone -%}
            {%- set part = '(' ~ arrived | map(attribute='rows') | join(' union all ') ~ ')' -%}
        {%- elif grows_by.source -%}
            {%- set part = kept__rows_beside_files_added(arrived, whole, of_keys) -%}
        {%- elif over.sql.count(whole) == 1 -%}
            {#- Read once, few of its columns are wanted, and what else the model asks of a row spares looking for its key. -#}
            {%- set part = '(' ~ rows ~ ')' -%}
        {%- else -%}
            {%- do steps.append('create or replace temp table ' ~ part ~ ' as ' ~ rows) -%}
            {%- do done.append('drop table ' ~ part) -%}
        {%- endif -%}
        {%- do over.update({'sql': over.sql | replace(whole, part)}) -%}
    {%- endfor -%}
    {%- if grows_by.stood_by -%}
        {#- What stood of a key tells of rows in files that were there, and bears a day of theirs: most of the table is passed over. -#}
        {%- set stood = [
            kept__key() ~ ' in (select ' ~ kept__key() ~ ' from kept_rows)',
            grows_by.stood_by ~ ' in (select ' ~ grows_by.stood_by ~ ' from kept_rows)'
        ] | join(' and ') -%}
    {%- else -%}
        {#- The keys are read first, and the rest of a row only where it is one of these. -#}
        {%- set stood = 'rowid in (select rowid from ' ~ this ~ ' where ' ~ of_keys ~ ')' -%}
    {%- endif -%}
    {%- do adapter.add_query(
        'create or replace temp table kept_stood as select rowid as kept_row, * from ' ~ this ~ ' where ' ~ stood, auto_begin=False
    ) -%}
    {%- do steps.append('create or replace temp table kept_come as ' ~ over.sql) -%}
    {%- do steps.append(kept__replace('rowid in (select kept_row from kept_stood)', 'from kept_come')) -%}
    {{ return({
        'gone': '(select * exclude (kept_row) from kept_stood)', 'sql': (steps + done) | join(';\n'), 'come': 'kept_come'
    }) }}
{%- endmacro %}

{#- Of files that were there, the rows whose key has arrived are held: a line comes again soon or never, so few files are read. A file
    that was added is read as it lies, for all keys in it have arrived. -#}
{% macro kept__rows_beside_files_added(arrived, whole, of_keys) -%}
    {%- set found_by, added = model.config.meta.grows_by.found_by, arrived | selectattr('files', 'defined') | list -%}
    {%- set in_question = found_by ~ ' in (select found from kept_keys)' if found_by else of_keys -%}
    {%- set files = kept__column('select distinct file_path from ' ~ whole ~ ' where ' ~ in_question) -%}
    {%- set there = files | reject('in', added | sum(attribute='files', start=[])) | list -%}
    {%- do adapter.add_query(
        'create or replace temp table kept_rows as select * from ' ~ whole ~ ' where ' ~ of_keys ~ ' and ' ~ kept__in_files(there),
        auto_begin=False
    ) -%}
    {{ return('(' ~ (added | map(attribute='rows') | list + ['from kept_rows']) | join(' union all ') ~ ')') }}
{%- endmacro %}

{#- The model's own SQL, over the rows that have arrived, for keys that are new or of which it says less than before: `kept_less`. -#}
{% macro kept__build_least(arrived) -%}
    {%- set grows_by = model.config.meta.grows_by -%}
    {%- set keys, least = grows_by.key | join(', '), grows_by.least -%}
    {%- set rows = '(' ~ arrived | map(attribute='rows') | join(' union all ') ~ ')' -%}
    {%- set told = compiled_code | replace(ref(grows_by.rows_of[0]) | string, rows) -%}
    {%- do adapter.add_query(
        'create or replace temp table kept_less as select told.* from (' ~ told ~ ') as told left join ' ~ this ~ ' as stood using ('
        ~ keys ~ ') where coalesce(told.' ~ least ~ ' < stood.' ~ least ~ ', true)', auto_begin=False
    ) -%}
    {%- set wanted = '(' ~ keys ~ ') in (select (' ~ keys ~ ') from kept_less)' -%}
    {{ return({'gone': kept__where(wanted), 'sql': kept__replace(wanted, 'from kept_less'), 'come': 'kept_less'}) }}
{%- endmacro %}

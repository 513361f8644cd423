{#- All that decides what the running model holds: its SQL with `as_of` in it, the engine that runs it, and what each table, view
    and source that it reads holds, those behind a view too. A model that is kept by parts remembers each of them, any other a
    fingerprint of all. Beside it, what the table told of itself when it was last built.

    `as_of` alone is no news to a model whose twin says where it asks for it. Of what stands in `as_known_tonight` it reads no more
    than was known by then, as that tells of the days up to it. With the days of `as_dated_tonight` it compares `as_of`, so it
    says the same until one of them is passed; with those of `as_undated_tonight` too, but there it is the day of copies that bear none
    and lie beside some that do. -#}
{% macro kept__built_of() -%}
    {%- set nodes = kept__reached(model.depends_on.nodes) -%}
    {%- set places, files = {}, {} -%}
    {%- for node in nodes -%}
        {%- if node.startswith('source.') -%}
            {%- do files.update({node: kept__files(graph.sources[node])}) -%}
        {%- else -%}
            {%- do places.update({node: kept__place(graph.nodes[node])}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set told = kept__told() -%}
    {%- set before = told.get(kept__place(model)) -%}
    {%- set reads = kept__files_found(files) -%}
    {%- for node, place in places.items() -%}
        {%- set read = told.get(place) or {} -%}
        {%- do reads.update({node.split('.')[-1]: {
            'holds': read.holds or kept__contents(place), 'by': read.get('by'), 'parts': read.get('parts'),
            'known': read.get('known'), 'grown_from': read.get('grown_from'), 'changed': read.get('changed'),
            'divided_by': read.get('by') or graph.nodes[node].config.meta.get('told_by')
        }}) -%}
    {%- endfor -%}
    {%- set meta, sql = model.config.meta, compiled_code -%}
    {%- for name in (meta.as_known_tonight or []) + (meta.as_dated_tonight or {}) | list + (meta.as_undated_tonight or {}) | list
        if name not in reads -%}
        {%- do exceptions.raise_compiler_error(model.name ~ ' does not read ' ~ name ~ ', which its twin names') -%}
    {%- endfor -%}
    {%- for name in meta.as_known_tonight or [] -%}
        {%- do reads.update({name: {'holds': kept__known_by(reads[name].known, var('as_of'))}}) -%}
    {%- endfor -%}
    {%- for name, day in (meta.as_dated_tonight or {}).items() -%}
        {%- do reads[name].update({'newest': kept__newest(ref(name), day)}) -%}
    {%- endfor -%}
    {%- for name, day in (meta.as_undated_tonight or {}).items() -%}
        {%- do reads[name].update({'newest': kept__newest(ref(name), day, var('as_of'))}) -%}
    {%- endfor -%}
    {%- if meta.as_known_tonight or meta.as_dated_tonight or meta.as_undated_tonight or (meta.grows_by or {}).window -%}
        {%- set sql = sql | replace(as_of(), 'as_of') -%}
    {%- endif -%}
    {%- set now = {} -%}
    {%- if meta.kept_by_row -%}
        {%- set undated = compiled_code | replace(as_of(), 'as_of') -%}
        {%- do now.update(columns_of=local_md5(undated ~ tojson([meta, model.contract | string, kept__is_read()]) ~ told.version)) -%}
    {%- endif -%}
    {%- set sql = local_md5(sql ~ tojson([meta, model.contract | string, kept__is_read()]) ~ told.version) -%}
    {%- if meta.grows_by -%}
        {%- do kept__remember_arrivals(reads) -%}
    {%- endif -%}
    {%- if meta.kept_by or meta.grows_by -%}
        {%- do now.update(sql=sql, reads=reads) -%}
        {{ return((before, now)) }}
    {%- endif -%}
    {%- set holds = [] -%}
    {%- for name, read in reads | dictsort -%}
        {%- do holds.append([name, read.holds, read.get('newest')] | join(' ')) -%}
    {%- endfor -%}
    {%- do now.update(sql=sql, reads=local_md5(holds | join('|'))) -%}
    {{ return((before, now)) }}
{% endmacro %}

{#- The last day of a table's rows that is not after `as_of`, and `undated` beside it where other rows bear none. -#}
{% macro kept__newest(relation, day, undated='') -%}
    {{ return(kept__one_value(
        "select cast(newest as varchar) || case when some_without then '" ~ undated ~ "' else '' end from (select max(" ~ day
        ~ ') filter (' ~ day ~ ' <= ' ~ as_of() ~ ') as newest, count(*) > count(' ~ day ~ ') as some_without from '
        ~ relation ~ ')'
    )) }}
{%- endmacro %}

{#- What a table tells of the days up to one. -#}
{% macro kept__known_by(known, last) -%}
    {%- set digests = [] -%}
    {%- for day, digest in known | dictsort if day <= last -%}
        {%- do digests.append(day ~ ' ' ~ digest) -%}
    {%- endfor -%}
    {{ return(local_md5(digests | join('|'))) }}
{%- endmacro %}

{#- What is read, and what the views among it read. -#}
{% macro kept__reached(nodes) -%}
    {%- set reached = [] -%}
    {%- for node in nodes -%}
        {%- do reached.append(node) -%}
        {%- if node in graph.nodes and graph.nodes[node].config.materialized == 'view' -%}
            {%- do reached.extend(kept__reached(graph.nodes[node].depends_on.nodes)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(reached | unique | sort) }}
{%- endmacro %}

{% macro kept__place(node) -%}
    {{ return(node.schema ~ '.' ~ node.alias) }}
{%- endmacro %}

{#- What tables and views tell of themselves: their comments, nothing where one bears none. `version` is that of DuckDB and of what they
    tell, to be raised where a macro of this folder makes it another: then every table is built anew, as by a new DuckDB. Some tell very
    much, so the catalogue is read once a run, and what the run writes is noted beside it. Of threads that read at once the first is
    heard: nothing is written before. -#}
{% macro kept__told() -%}
    {%- if 'kept_told' not in graph -%}
        {%- set told = {} -%}
        {%- for place, told_of in kept__rows(
            "select schema_name || '.' || table_name, comment from duckdb_tables() where comment is not null"
            ~ " union all select schema_name || '.' || view_name, comment from duckdb_views() where not internal and comment is not null"
            ~ " union all select 'version', to_json(version() || ' 2')"
        ) -%}
            {%- do told.update({place: fromjson(told_of)}) -%}
        {%- endfor -%}
        {%- do graph.setdefault('kept_told', told) -%}
    {%- endif -%}
    {{ return(graph.kept_told) }}
{%- endmacro %}

{% macro kept__files(source_node) -%}
    {%- set location = source_node.config.meta.external_location or source_node.meta.external_location -%}
    {{ return(modules.re.search("'([^']+)'", location).group(1) | replace('{name}', source_node.name)) }}
{%- endmacro %}

{#- The files of sources. Versions in the lake are written once and named by their content; size and time tell those apart that are
    not. A file that is written anew each night, as by a model or from earlier nights, is known by its bytes. No file changes while dbt
    runs, so each source is looked at once. -#}
{% macro kept__files_found(files) -%}
    {%- set queries, seen, found = [], graph.setdefault('kept_files', {}), {} -%}
    {%- for node, path in files.items() if node not in seen -%}
        {%- set is_written_once = '*' in path and node.split('.')[2] != 'history' -%}
        {%- set each = "concat_ws(' ', parse_filename(filename), size, last_modified)" if is_written_once else 'md5(content)' -%}
        {%- do queries.append("select '" ~ node ~ "', md5(" ~ sorted_text(each) ~ ") from read_blob('" ~ path ~ "')") -%}
    {%- endfor -%}
    {%- if queries | length > 0 -%}
        {%- for node, holds in kept__rows(queries | join(' union all ')) -%}
            {%- do seen.update({node: holds}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for node in files -%}
        {%- do found.update({node: {'holds': seen[node]}}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro kept__one_value(query) -%}
    {{ return(kept__column(query)[0]) }}
{%- endmacro %}

{% macro kept__column(query) -%}
    {%- set values = [] -%}
    {%- for row in kept__rows(query) -%}
        {%- do values.append(row[0]) -%}
    {%- endfor -%}
    {{ return(values) }}
{%- endmacro %}

{#- The rows of a query as DuckDB gives them: dbt's own way looks at each value for its type, and takes longer than the query. -#}
{% macro kept__rows(query) -%}
    {{ return(adapter.add_query(query, auto_begin=False)[1].fetchall()) }}
{%- endmacro %}

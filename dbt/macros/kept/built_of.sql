{#- One fingerprint of all that decides what the running model holds: its SQL with `as_of` in it, the engine that runs it, and the
    contents of whatever it reads. -#}
{% macro kept__built_of() -%}
    {%- set parts = [compiled_code] -%}
    {%- for node in model.depends_on.nodes | unique | sort -%}
        {%- do parts.append(kept__contents_of_node(node)) -%}
    {%- endfor -%}
    {{ return(local_md5(parts | join('|') ~ kept__one_value('select version()'))) }}
{%- endmacro %}

{#- What a node that is read holds: a kept table tells it, another table is looked at, a view is its SQL and what that reads, a
    source its files. -#}
{% macro kept__contents_of_node(node) -%}
    {%- if node.startswith('source.') -%}
        {{ return(kept__files(graph.sources[node])) }}
    {%- endif -%}
    {%- set found = graph.nodes[node] -%}
    {%- set place = found.schema ~ '.' ~ found.alias -%}
    {%- if found.config.materialized == 'view' -%}
        {%- set parts = [kept__one_value(
            "select sql from duckdb_views() where schema_name || '.' || view_name = '" ~ place ~ "'"
        )] -%}
        {%- for read in found.depends_on.nodes | unique | sort -%}
            {%- do parts.append(kept__contents_of_node(read)) -%}
        {%- endfor -%}
        {{ return(parts | join('|')) }}
    {%- endif -%}
    {{ return(kept__told(place).holds or kept__contents(place)) }}
{%- endmacro %}

{#- The files of a source. Versions in the lake are written once and named by their content; size and time tell those apart that
    are not. -#}
{% macro kept__files(source_node) -%}
    {%- set location = source_node.config.meta.external_location or source_node.meta.external_location -%}
    {%- set files = modules.re.search("'([^']+)'", location).group(1) | replace('{name}', source_node.name) -%}
    {{ return(kept__one_value(
        'select ' ~ sorted_text("concat_ws(' ', parse_filename(filename), size, last_modified)") ~ " from read_blob('" ~ files ~ "')"
    )) }}
{%- endmacro %}

{#- The rows of a table in any order: their number and the sum of their hashes. -#}
{% macro kept__contents(place) -%}
    {{ return(kept__one_value('select concat_ws(\' \', count(*), sum(hash(each))) from ' ~ place ~ ' as each')) }}
{%- endmacro %}

{#- What the comment of a table tells; nothing where it bears none. -#}
{% macro kept__told(place) -%}
    {%- set comment = kept__one_value(
        "select comment from duckdb_tables() where schema_name || '.' || table_name = '" ~ place ~ "'"
    ) -%}
    {{ return(fromjson(comment or '', {}) if comment else {}) }}
{%- endmacro %}

{% macro kept__one_value(query) -%}
    {%- set rows = run_query(query).rows -%}
    {{ return(rows[0][0] if rows | length > 0 else none) }}
{%- endmacro %}

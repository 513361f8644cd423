{#- A table that stays as it is while nothing it is built of has changed, whole or part by part: dbt/README.md, "Kept from night to
    night".

    What it was built of and what it holds is written on the table itself, as its comment, when it stands: a table that a killed
    night left half way, or that was built in any other way, bears none and is built anew. -#}
{% materialization table, adapter='duckdb' %}
    {%- set told, now = kept__built_of() -%}
    {%- set parts, arrived, rows = none, none, none -%}
    {%- if told and not should_full_refresh() -%}
        {%- set parts = kept__parts_to_build(told, now) -%}
        {%- set arrived = kept__arrived(told, now) if parts is none -%}
        {%- set rows = kept__compared(told, now) if parts is none and not arrived -%}
    {%- endif -%}

    {%- if parts is none and not arrived and not rows -%}
        {%- set is_compared = model.config.meta.told_by_key and told and told.sql == now.sql -%}
        {%- do kept__remember_gone() if is_compared -%}
        {%- set built = made_in_place('table', create_table_as(False, this, compiled_code)) -%}
        {%- set holds = kept__holds(this) -%}
        {%- do holds.update({'changed': kept__changed(told, kept__rows_that_differ())} if is_compared else {}) -%}
        {%- do holds.update(now) -%}
        {%- do kept__tell(holds) -%}
        {{ return(built) }}
    {%- elif parts or arrived or rows -%}
        {#- From here until the table tells again what it holds, it tells nothing. -#}
        {%- do adapter.add_query('comment on table ' ~ this ~ ' is null', auto_begin=False) -%}
        {%- set steps = rows or (kept__build_parts(parts, now.reads) if parts else kept__build_arrived(arrived)) -%}
        {%- set gone = kept__sums(steps.gone, told, parts) -%}
        {% call statement('parts') -%}
            {{ steps.sql }}
        {%- endcall %}
        {%- do adapter.commit() -%}
        {%- set holds = kept__holds(steps.come, told, gone) -%}
        {%- do holds.update({'changed': kept__changed(told, 'from kept_less')} if (model.config.meta.grows_by or {}).least else {}) -%}
        {%- do holds.update(now, grown_from=told.get('holds') if arrived else none) -%}
        {%- do kept__tell(holds) -%}
    {%- endif -%}
    {%- set message = 'KEPT BUT ' ~ parts | length if parts else 'GROWN' if arrived else 'COMPARED' if rows else 'KEPT' -%}
    {#- dbt's `noop_statement` tells the same, and writes a file for each table that nothing was done to. -#}
    {%- do store_raw_result('main', message=message, code=message, rows_affected=-1) -%}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{#- The records of Open Payments that count: those of a release that speaks at some time for its program year, each once in a
    release, deleted ones gone. `relation` is a staging model, `kind` general, research or ownership.

    Nearly every record stands once in its release: a number tells which may stand there again, and only these, and those that are
    deleted in one place, are compared. -#}
{% macro kept_records(relation, kind) -%}
    {{ records_told_once(relation, kind) }}
    union all
    {{ records_compared(relation, kind) }}
{%- endmacro %}

{#- Records whose number no other of their release bears. -#}
{% macro records_told_once(relation, kind) -%}
    {{ records_in_force(relation, kind) }}
    -- An anti join would hold the many records, which DuckDB takes for few.
    and published.record_hash not in ({{ records_told_again(kind) }})
{%- endmacro %}

{#- All others, each once; and, where `also` is true of them, of those that are told once. -#}
{% macro records_compared(relation, kind, also='false') -%}
    select {{ star_without('record_rank', 'is_deleted') }}
    from (
        select
            *,
            row_number() over (
                partition by program_year, release_code, record_id
                order by file_path, file_row
            ) as record_rank,
            bool_or(coalesce(change_type = 'DELETED', false)) over (partition by program_year, release_code, record_id)
                as is_deleted
        from (
            {{ records_in_force(relation, kind) }}
            and ({{ also }} or published.record_hash in ({{ records_told_again(kind) }}))
        ) as compared
    ) as ranked
    where record_rank = 1 and not is_deleted
{%- endmacro %}

{% macro records_in_force(relation, kind) -%}
    select
        published.*,
        releases.known_on as release_known_on,
        releases.superseded_on
    from {{ relation }} as published
    inner join {{ ref('int_payment_releases') }} as releases
        on
            releases.payment_kind = '{{ kind }}'
            and published.program_year = releases.program_year
            and published.release_code is not distinct from releases.release_code
    where releases.superseded_on > releases.known_on
{%- endmacro %}

{% macro records_told_again(kind) -%}
    select repeated.record_hash
    from {{ ref('int_payments_repeated') }} as repeated
    where repeated.payment_kind = '{{ kind }}'
{%- endmacro %}

{#- Of the columns of the lake: the number by which a record is told apart within its release. -#}
{% macro record_hash() -%}
    {{ hash_of('coalesce(_period, program_year)', '_release', "coalesce(record_id, _file || ':' || _row)") }}
{%- endmacro %}

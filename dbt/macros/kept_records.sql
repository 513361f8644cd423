{#- The records of Open Payments that count: those of a release that speaks at some time for its program year, each once in a
    release, deleted ones gone. `relation` is a staging model, `kind` general, research or ownership.

    Nearly every record stands once in its release: only those that stand there again, or are deleted in one place, are ranked. -#}
{% macro kept_records(relation, kind) -%}
    {%- set release -%}
        inner join {{ ref('int_payment_releases') }} as releases
            on
                releases.payment_kind = '{{ kind }}'
                and published.program_year = releases.program_year
                and published.release_code is not distinct from releases.release_code
    {%- endset -%}
    {%- set again -%}
        select
            program_year,
            release_code,
            record_id,
            bool_or(coalesce(change_type = 'DELETED', false)) as is_deleted
        from {{ relation }}
        group by program_year, release_code, record_id
        having count(*) > 1 or bool_or(coalesce(change_type = 'DELETED', false))
    {%- endset -%}
    {%- set same_record -%}
        published.program_year = again.program_year
            and published.release_code is not distinct from again.release_code
            and published.record_id = again.record_id
    {%- endset -%}
    select
        published.*,
        releases.known_on as release_known_on,
        releases.superseded_on,
        1 as record_rank
    from {{ relation }} as published
    {{ release }}
    anti join ({{ again }}) as again
        on {{ same_record }}
    where releases.superseded_on > releases.known_on

    union all

    select *
    from (
        select
            published.*,
            releases.known_on as release_known_on,
            releases.superseded_on,
            row_number() over (
                partition by published.program_year, published.release_code, published.record_id
                order by published.file_path, published.file_row
            ) as record_rank
        from {{ relation }} as published
        {{ release }}
        inner join ({{ again }}) as again
            on {{ same_record }}
        where releases.superseded_on > releases.known_on and not again.is_deleted
    ) as ranked
    where record_rank = 1
{%- endmacro %}

{#- The records of Open Payments that count: those of a release that speaks at some time for its program year, each once in a
    release, deleted ones gone. `relation` is a staging model, `kind` general, research or ownership. -#}
{% macro kept_records(relation, kind) -%}
    select *
    from (
        select
            published.*,
            releases.known_on as release_known_on,
            releases.superseded_on,
            row_number() over (
                partition by published.program_year, published.release_code, published.record_id
                order by published.file_path, published.file_row
            ) as record_rank,
            bool_or(coalesce(published.change_type = 'DELETED', false)) over (
                partition by published.program_year, published.release_code, published.record_id
            ) as is_deleted
        from {{ relation }} as published
        inner join {{ ref('int_payment_releases') }} as releases
            on
                releases.payment_kind = '{{ kind }}'
                and published.program_year = releases.program_year
                and published.release_code is not distinct from releases.release_code
        where releases.superseded_on > releases.known_on
    ) as ranked
    where record_rank = 1 and not is_deleted
{%- endmacro %}

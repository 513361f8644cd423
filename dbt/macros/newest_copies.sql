{#- The newest copy of each record that several files of the landing zone hold: first by what the record itself tells, then by the
    release and the file it came in. `given` is the condition under which a row is a record at all. -#}
{% macro newest_copies(relation, key, given, first=[]) -%}
    select *
    from (
        select
            *,
            row_number() over (
                partition by {{ key }}
                order by
                    {% for told in first %}{{ told }} desc nulls last, {% endfor %}
                    _released_on desc nulls last,
                    _release desc nulls last,
                    _file desc,
                    _row desc
            ) as copy_rank
        from {{ relation }}
        where {{ given }}
    ) as copies
    where copy_rank = 1
{%- endmacro %}

{#- The newest version of each record of a CRM that says when it was last modified; one modified after `as_of` only where there is no
    other. -#}
{% macro newest_versions(relation, key, modified) -%}
    {{ newest_copies(relation, key, key ~ ' is not null', ['cast(' ~ modified ~ ' as date) <= ' ~ as_of(), modified]) }}
{%- endmacro %}

{#- The newest copy of each record that several files of the landing zone hold: first by what the record itself tells, then by the
    release and the file it came in. `given` is the condition under which a row is a record at all.

    Most records stand in one file; only of those that stand there again the newest must be looked for. -#}
{% macro newest_copies(relation, key, given, first=[]) -%}
    with again as (
        select {{ key }} from {{ relation }} where {{ given }} group by {{ key }} having count(*) > 1
    )

    select copies.*, cast(1 as bigint) as copy_rank
    from {{ relation }} as copies
    anti join again
        on {{ same_key('copies', 'again', key) }}
    where {{ given }}

    union all

    select *
    from (
        select
            copies.*,
            row_number() over (
                partition by {{ key }}
                order by
                    {% for told in first %}{{ told }} desc nulls last, {% endfor %}
                    _released_on desc nulls last,
                    _release desc nulls last,
                    _file desc,
                    _row desc
            ) as copy_rank
        from {{ relation }} as copies
        semi join again
            on {{ same_key('copies', 'again', key) }}
    ) as ranked
    where copy_rank = 1
{%- endmacro %}

{% macro same_key(one, other, key) -%}
    {%- set same = [] -%}
    {%- for column in key.split(', ') -%}
        {%- do same.append(one ~ '.' ~ column ~ ' = ' ~ other ~ '.' ~ column) -%}
    {%- endfor -%}
    {{ return(same | join(' and ')) }}
{%- endmacro %}

{#- The newest version of each record of a CRM that says when it was last modified; one modified after `as_of` only where there is no
    other. -#}
{% macro newest_versions(relation, key, modified) -%}
    {{ newest_copies(relation, key, key ~ ' is not null', ['cast(' ~ modified ~ ' as date) <= ' ~ as_of(), modified]) }}
{%- endmacro %}

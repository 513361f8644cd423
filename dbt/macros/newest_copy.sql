{#- True for the newest copy of a record that several files of the landing zone hold: first by what the record itself tells,
    then by the release and the file it came in. For `qualify`. -#}
{% macro newest_copy(key, first=[]) -%}
    row_number() over (
        partition by {{ key }}
        order by
            {% for told in first -%}
                {{ told }} desc nulls last,
            {% endfor -%}
            _released_on desc nulls last,
            _release desc nulls last,
            _file desc,
            _row desc
    ) = 1
{%- endmacro %}

{#- Words with a capital first letter where a source shouts, as CMS writes specialties in its public files; else as written. -#}
{% macro title_case(text) -%}
    case
        when trim({{ text }}) <> upper(trim({{ text }})) then trim({{ text }})
        else array_to_string(
            list_transform(
                string_split(lower(trim({{ text }})), ' '),
                lambda word : case when word in ('and', 'or', 'of') then word else upper(left(word, 1)) || substr(word, 2) end
            ), ' '
        )
    end
{%- endmacro %}

{#- Words with a capital first letter where a source shouts, as CMS writes specialties in its public files; else as written. -#}
{% macro title_case(text) -%}
    case
        when trim({{ text }}) <> upper(trim({{ text }})) then trim({{ text }})
        else {{ elements_as_text(
            elements_as(
                "split(lower(trim(" ~ text ~ ")), ' ')",
                "case when each in ('and', 'or', 'of') then each else upper(left(each, 1)) || substr(each, 2) end",
            ), ' '
        ) }}
    end
{%- endmacro %}

{#- A telephone number as digits to compare by, however it was typed: without an extension, the country code of North America and a
    spreadsheet's decimal. One digit over and over is no number. -#}
{% macro telephone(written) -%}
    {%- set told = replaced_everywhere("replace(lower(" ~ written ~ "), 'fax', '')", '[.]0$|(x|#|,|;).*', '') -%}
    {%- set digits = replaced_everywhere(told, '[^0-9]', '') -%}
    {%- set own = "substr(" ~ digits ~ ", case when length(" ~ digits ~ ") = 11 and left(" ~ digits ~ ", 1) = '1' then 2 else 1 end)" -%}
    case when replace({{ digits }}, left({{ digits }}, 1), '') <> '' then {{ own }} end
{%- endmacro %}

{#- Whether a number in the form of `telephone` can be one of North America, with its area. -#}
{% macro has_area_code(number) -%}
    {{ matches_whole(number, '[2-9][0-9]{2}[2-9][0-9]{6}') }}
{%- endmacro %}

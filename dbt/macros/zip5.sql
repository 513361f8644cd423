{#- The ZIP of what a CRM's user typed: five digits, a lost leading zero given back. -#}
{% macro zip5(written) -%}
    case
        when {{ matches_whole('trim(' ~ written ~ ')', '[0-9]{3,4}') }} then lpad(trim({{ written }}), 5, '0')
        else nullif(left(trim({{ written }}), 5), '')
    end
{%- endmacro %}

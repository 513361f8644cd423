{#- How a CRM names an owner: a User Id or name as given, an e-mail address without case. -#}
{% macro owner_name(written) -%}
    case when contains({{ written }}, '@') then lower(trim({{ written }})) else nullif(trim({{ written }}), '') end
{%- endmacro %}

{#- Whether an interaction took place by what the CRM says: its status, else that it stands in the calendar and its subject neither
    calls it off nor says that it was missed. -#}
{% macro took_place(status, subject, is_in_calendar=true) -%}
    case
        when {{ status }} is not null then {{ status }} in ('completed', 'submitted', 'held', 'connected')
        else {{ is_in_calendar }} and not coalesce({{ matches('lower(' ~ subject ~ ')', '^(cancel|missed|no.show)') }}, false)
    end
{%- endmacro %}

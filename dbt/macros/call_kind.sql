{#- The kind of an interaction by the type that a CRM's user chose (lower case); e-mails are none. `otherwise` is the kind of what
    the CRM files as a call under any other type. -#}
{% macro call_kind(type, otherwise='null') -%}
    case
        when {{ type }} in ('email', 'e-mail') then null
        when {{ type }} in ('remote call', 'remote', 'virtual', 'video', 'phone') then 'remote'
        when {{ type }} in ('call', 'meeting', 'demo') then {{ type }}
        when {{ type }} = 'case attendance' then 'case_attendance'
        when {{ type }} in ('device trial', 'trial') then 'trial'
        else {{ otherwise }}
    end
{%- endmacro %}

{#- Whether an interaction took place by what the CRM says: its status, else that it stands in the calendar and its subject neither
    calls it off nor says that it was missed. -#}
{% macro took_place(status, subject, is_in_calendar=true) -%}
    case
        when {{ status }} is not null then {{ status }} in ('completed', 'submitted', 'held', 'connected')
        else {{ is_in_calendar }} and not coalesce({{ matches('lower(' ~ subject ~ ')', '^(cancel|missed|no.show)') }}, false)
    end
{%- endmacro %}

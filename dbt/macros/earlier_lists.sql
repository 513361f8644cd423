{#- What is asked of the lists that earlier nights published. Not here: tonight's list. -#}

{#- The nights that published one. A night whose list was empty is a night with a list: its changes say that others have left. -#}
{% macro nights_with_a_list(lists, changes) -%}
    select listed_on from {{ lists }}
    union
    select changed_on as listed_on from {{ changes }}
{%- endmacro %}

{#- Calls a quarter that a list asked for; of a list that did not keep them, those of the tier. -#}
{% macro calls_asked(calls, tier) -%}
    coalesce({{ calls }}, case {{ tier }} when 'A' then 6 when 'B' then 3 else 1 end)
{%- endmacro %}

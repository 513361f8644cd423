{#- HubSpot writes a stage with its pipeline behind it where there are several: `Trial (Sales Pipeline)`. -#}
{% macro stage_label(stage, pipeline) -%}
    case
        when {{ ends_in(stage, "' (' || " ~ pipeline ~ " || ')'") }}
            then left({{ stage }}, length({{ stage }}) - length({{ pipeline }}) - 3)
        else {{ stage }}
    end
{%- endmacro %}

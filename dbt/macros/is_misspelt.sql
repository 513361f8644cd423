{#- Whether one family name could be the other with a slip of the pen: one letter wrong, missing, added or swapped, or nearly alike. -#}
{% macro is_misspelt(given, registered) -%}
    (
        least(length({{ given }}), length({{ registered }})) >= 4
        and greatest(length({{ given }}), length({{ registered }})) >= 5
        and (
            damerau_levenshtein({{ given }}, {{ registered }}) = 1
            or jaro_winkler_similarity({{ given }}, {{ registered }}) >= 0.94
        )
    )
{%- endmacro %}

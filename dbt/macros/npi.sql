{#- Whether a text is a well-formed NPI: ten digits whose Luhn sum, with the prefix 80840 in front, is a multiple of ten. -#}
{% macro has_npi_check_digit(npi) -%}
    case
        when {{ matches_whole(npi, '[0-9]{10}') }} then
            (
                24
                -- Doubled digits at odd places, their own digits summed: 0 2 4 6 8 1 3 5 7 9.
                {% for place in [1, 3, 5, 7, 9] %}
                    + cast(translate(substr({{ npi }}, {{ place }}, 1), '0123456789', '0246813579') as integer)
                    + cast(substr({{ npi }}, {{ place + 1 }}, 1) as integer)
                {% endfor -%}
            ) % 10 = 0
        else false
    end
{%- endmacro %}

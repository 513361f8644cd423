{#- Whether a text is a well-formed NPI: ten digits whose Luhn sum, with the prefix 80840 in front, is a multiple of ten. -#}
{% macro has_npi_check_digit(npi) -%}
    case
        when regexp_full_match({{ npi }}, '[0-9]{10}') then
            (24 + list_sum(list_transform(
                range(1, 11),
                lambda place: case
                    when place % 2 = 0 then cast({{ npi }}[place] as integer)
                    when cast({{ npi }}[place] as integer) > 4 then 2 * cast({{ npi }}[place] as integer) - 9
                    else 2 * cast({{ npi }}[place] as integer)
                end
            ))) % 10 = 0
        else false
    end
{%- endmacro %}

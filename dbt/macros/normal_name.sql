{#- A key to compare names by: without accents, case, punctuation and surplus blanks; empty becomes null.
    NFC and NFD spellings of one name give one key. -#}
{% macro normal_name(text) -%}
    nullif(trim({{ replaced_everywhere(
        replaced_everywhere('lower(' ~ without_accents(text) ~ ')', '[\\x27’`.]', ''), '[^\p{L}\p{N}]+', ' '
    ) }}), '')
{%- endmacro %}

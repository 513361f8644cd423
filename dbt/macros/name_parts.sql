{#- Parts of names and specialties that tell nobody apart, as SQL. -#}

{% macro name_particles() -%}
    ('de', 'la', 'del', 'los', 'las', 'da', 'di', 'van', 'von', 'der', 'den', 'el', 'al', 'le', 'st', 'mac', 'mc')
{%- endmacro %}

{#- First letters of the words of a specialty (a key of `normal_name`), without words that stand in many. -#}
{% macro specialty_stems(specialty_key) -%}
    {{ elements_where(elements_as("split(" ~ specialty_key ~ ", ' ')", 'left(each, 5)'),
        "each not in ('surge', 'surgi', 'physi', 'medic', 'speci', 'docto', 'disea', 'and', 'of')") }}
{%- endmacro %}

{% macro name_titles() -%}
    ('dr', 'prof', 'mr', 'mrs', 'ms', 'md', 'do', 'phd', 'dpm', 'dmd', 'dds', 'np', 'pa', 'pac', 'rn', 'bsn', 'mph', 'mba', 'facs',
        'facc', 'jr', 'sr', 'ii', 'iii', 'iv')
{%- endmacro %}

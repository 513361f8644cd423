{#- Parts of names and specialties that tell nobody apart, as SQL. -#}

{% macro name_particles() -%}
    ('de', 'la', 'del', 'los', 'las', 'da', 'di', 'van', 'von', 'der', 'den', 'el', 'al', 'le', 'st', 'mac', 'mc')
{%- endmacro %}

{#- First letters of the words of a specialty (a key of `normal_name`), without words that stand in many. Short forms that are no beginning
    of the word they stand for (`IM`, `Peds`) are read as that word. -#}
{% macro specialty_stems(specialty_key) -%}
    {%- set written_out = {
        'im': 'inter', 'hospitalist': 'inter', 'gp': 'famil', 'fp': 'famil', 'fm': 'famil', 'pcp': 'famil', 'peds': 'pedia', 'cards': 'cardi',
        'cv': 'cardi', 'gi': 'gastr', 'heme': 'hemat', 'ent': 'otola', 'ob': 'obste', 'obgyn': 'obste', 'gyn': 'gynec', 'er': 'emerg',
        'em': 'emerg', 'pmr': 'rehab', 'np': 'nurse', 'pa': 'assis', 'crna': 'anest'
    } -%}
    {%- set word %}case each{% for short, stem in written_out.items() %} when '{{ short }}' then '{{ stem }}'{% endfor %} else left(each, 5) end{% endset -%}
    {{ elements_where(elements_as("split(" ~ specialty_key ~ ", ' ')", word),
        "each not in ('surge', 'surgi', 'physi', 'medic', 'speci', 'docto', 'disea', 'and', 'of')") }}
{%- endmacro %}

{% macro name_titles() -%}
    ('dr', 'prof', 'mr', 'mrs', 'ms', 'md', 'do', 'phd', 'dpm', 'dmd', 'dds', 'np', 'pa', 'pac', 'rn', 'bsn', 'mph', 'mba', 'facs',
        'facc', 'jr', 'sr', 'ii', 'iii', 'iv')
{%- endmacro %}

{#- A key to compare names of facilities by: `normal_name`, usual abbreviations written out, words left out that add nothing. -#}
{% macro facility_name_key(name) -%}
    {%- set written_out = {
        'st': 'saint', 'ste': 'saint', 'hosp': 'hospital', 'hsp': 'hospital', 'ctr': 'center', 'cntr': 'center', 'centre': 'center',
        'med': 'medical', 'univ': 'university', 'reg': 'regional', 'regl': 'regional', 'mem': 'memorial', 'meml': 'memorial',
        'comm': 'community', 'gen': 'general', 'hlth': 'health', 'mt': 'mount'
    } -%}
    {%- set word %}case each{% for short, whole in written_out.items() %} when '{{ short }}' then '{{ whole }}'{% endfor %} else each end{% endset -%}
    {%- set telling = elements_where("split(" ~ normal_name(name) ~ ", ' ')",
        "each not in ('the', 'inc', 'llc', 'corp', 'of', 'at', 'and')") -%}
    nullif({{ elements_as_text(elements_as(telling, word), ' ') }}, '')
{%- endmacro %}

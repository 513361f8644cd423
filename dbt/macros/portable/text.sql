{#- Text and numbers written as text, equal on DuckDB and Spark. Patterns keep to what RE2 and Java both read. -#}

{#- Whether a pattern is found anywhere in a text. -#}
{% macro matches(text, pattern) -%}
    {{ adapter.dispatch('matches')(text, pattern) }}
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}

{#- Whether a pattern is the whole of a text. -#}
{% macro matches_whole(text, pattern) -%}
    {{ adapter.dispatch('matches_whole')(text, pattern) }}
{%- endmacro %}

{% macro duckdb__matches_whole(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches_whole(text, pattern) -%}
    regexp_like({{ text }}, '\A(?:{{ pattern }})\z')
{%- endmacro %}

{#- Every place of a pattern replaced. -#}
{% macro replaced_everywhere(text, pattern, by) -%}
    {{ adapter.dispatch('replaced_everywhere')(text, pattern, by) }}
{%- endmacro %}

{% macro duckdb__replaced_everywhere(text, pattern, by) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}', 'g')
{%- endmacro %}

{% macro spark__replaced_everywhere(text, pattern, by) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}')
{%- endmacro %}

{#- Whether a text begins or ends with another; null where either is. -#}
{% macro begins_with(text, beginning) -%}
    {{ adapter.dispatch('begins_with')(text, beginning) }}
{%- endmacro %}

{% macro duckdb__begins_with(text, beginning) -%}
    starts_with({{ text }}, {{ beginning }})
{%- endmacro %}

{% macro spark__begins_with(text, beginning) -%}
    startswith({{ text }}, {{ beginning }})
{%- endmacro %}

{% macro ends_in(text, ending) -%}
    {{ adapter.dispatch('ends_in')(text, ending) }}
{%- endmacro %}

{% macro duckdb__ends_in(text, ending) -%}
    ends_with({{ text }}, {{ ending }})
{%- endmacro %}

{% macro spark__ends_in(text, ending) -%}
    endswith({{ text }}, {{ ending }})
{%- endmacro %}

{#- The elements of an array of texts as one text. -#}
{% macro elements_as_text(elements, between) -%}
    {{ adapter.dispatch('elements_as_text')(elements, between) }}
{%- endmacro %}

{% macro duckdb__elements_as_text(elements, between) -%}
    array_to_string({{ elements }}, '{{ between }}')
{%- endmacro %}

{% macro spark__elements_as_text(elements, between) -%}
    array_join({{ elements }}, '{{ between }}')
{%- endmacro %}

{#- The given texts of a group as one text, sorted. -#}
{% macro sorted_text(value, between=', ') -%}
    {{ adapter.dispatch('sorted_text')(value, between) }}
{%- endmacro %}

{% macro duckdb__sorted_text(value, between) -%}
    string_agg({{ value }}, '{{ between }}' order by {{ value }})
{%- endmacro %}

{% macro spark__sorted_text(value, between) -%}
    string_agg({{ value }}, '{{ between }}') within group (order by {{ value }})
{%- endmacro %}

{#- A number as text with a fixed number of places behind the point; halves are rounded away from zero. -#}
{% macro with_places(number, places) -%}
    cast(cast({{ number }} as decimal(38, {{ places }})) as string)
{%- endmacro %}

{#- A whole number as text with a comma between its thousands. -#}
{% macro with_thousands(number) -%}
    {{ adapter.dispatch('with_thousands')(number) }}
{%- endmacro %}

{% macro duckdb__with_thousands(number) -%}
    format('{:,}', {{ number }})
{%- endmacro %}

{% macro spark__with_thousands(number) -%}
    format_number({{ number }}, 0)
{%- endmacro %}

{#- The whole quotient of two whole numbers. -#}
{% macro whole_quotient(number, divisor) -%}
    {{ adapter.dispatch('whole_quotient')(number, divisor) }}
{%- endmacro %}

{% macro duckdb__whole_quotient(number, divisor) -%}
    {{ number }} // {{ divisor }}
{%- endmacro %}

{% macro spark__whole_quotient(number, divisor) -%}
    {{ number }} div {{ divisor }}
{%- endmacro %}

{#- The value in the row of a group where an ordering expression is largest or smallest, rows without the value left out. -#}
{% macro value_at_largest(value, ordering) -%}
    max_by({{ value }}, {{ ordering }}) filter (where {{ value }} is not null)
{%- endmacro %}

{% macro value_at_smallest(value, ordering) -%}
    min_by({{ value }}, {{ ordering }}) filter (where {{ value }} is not null)
{%- endmacro %}

{#- A text without accents, in whatever form they were written. Strokes (of a Polish l) are no accents. -#}
{% macro without_accents(text) -%}
    {{ adapter.dispatch('without_accents')(text) }}
{%- endmacro %}

{% macro duckdb__without_accents(text) -%}
    strip_accents(nfc_normalize({{ text }}))
{%- endmacro %}

{#- Spark has no such function: the Latin letters of Unicode with accents one by one, and the accents that stand by themselves, which
    are left out for want of a partner. -#}
{% macro spark__without_accents(text) -%}
    {%- set letters = [
        ('A', 'ÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦḀẠẢẤẦẨẪẬẮẰẲẴẶ'), ('B', 'ḂḄḆ'), ('C', 'ÇĆĈĊČḈ'), ('D', 'ĎḊḌḎḐḒ'), ('E', 'ÈÉÊËĒĔĖĘĚȄȆȨḔḖḘḚḜẸẺẼẾỀỂỄỆ'),
        ('F', 'Ḟ'), ('G', 'ĜĞĠĢǦǴḠ'), ('H', 'ĤȞḢḤḦḨḪ'), ('I', 'ÌÍÎÏĨĪĬĮİǏȈȊḬḮỈỊ'), ('J', 'Ĵ'), ('K', 'ĶǨḰḲḴ'), ('L', 'ĹĻĽḶḸḺḼ'),
        ('M', 'ḾṀṂ'), ('N', 'ÑŃŅŇǸṄṆṈṊ'), ('O', 'ÒÓÔÕÖŌŎŐƠǑǪǬȌȎȪȬȮȰṌṎṐṒỌỎỐỒỔỖỘỚỜỞỠỢ'), ('P', 'ṔṖ'), ('R', 'ŔŖŘȐȒṘṚṜṞ'),
        ('S', 'ŚŜŞŠȘṠṢṤṦṨ'), ('T', 'ŢŤȚṪṬṮṰ'), ('U', 'ÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖṲṴṶṸṺỤỦỨỪỬỮỰ'), ('V', 'ṼṾ'), ('W', 'ŴẀẂẄẆẈ'), ('X', 'ẊẌ'),
        ('Y', 'ÝŶŸȲẎỲỴỶỸ'), ('Z', 'ŹŻŽẐẒẔ'), ('a', 'àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ'), ('b', 'ḃḅḇ'), ('c', 'çćĉċčḉ'), ('d', 'ďḋḍḏḑḓ'),
        ('e', 'èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ'), ('f', 'ḟ'), ('g', 'ĝğġģǧǵḡ'), ('h', 'ĥȟḣḥḧḩḫẖ'), ('i', 'ìíîïĩīĭįǐȉȋḭḯỉị'), ('j', 'ĵǰ'),
        ('k', 'ķǩḱḳḵ'), ('l', 'ĺļľḷḹḻḽ'), ('m', 'ḿṁṃ'), ('n', 'ñńņňǹṅṇṉṋ'), ('o', 'òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ'), ('p', 'ṕṗ'),
        ('r', 'ŕŗřȑȓṙṛṝṟ'), ('s', 'śŝşšșṡṣṥṧṩ'), ('t', 'ţťțṫṭṯṱẗ'), ('u', 'ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự'), ('v', 'ṽṿ'),
        ('w', 'ŵẁẃẅẇẉẘ'), ('x', 'ẋẍ'), ('y', 'ýÿŷȳẏẙỳỵỷỹ'), ('z', 'źżžẑẓẕ'), ('Æ', 'ǢǼ'), ('Ø', 'Ǿ'), ('æ', 'ǣǽ'), ('ø', 'ǿ'),
        ('ſ', 'ẛ'), ('Ʒ', 'Ǯ'), ('ʒ', 'ǯ')
    ] -%}
    {%- set ns = namespace(accented='', plain='') -%}
    {%- for letter, accented in letters -%}
        {%- set ns.accented = ns.accented ~ accented -%}
        {%- set ns.plain = ns.plain ~ letter * (accented | length) -%}
    {%- endfor -%}
    {%- set accents -%}
        {%- for code in range(768, 880) %}{{ '%c' % code }}{% endfor -%}
    {%- endset -%}
    translate({{ text }}, '{{ ns.accented ~ accents }}', '{{ ns.plain }}')
{%- endmacro %}

{#- Over a window, the newest value up to a row, rows without one left out: `{{ last_told('x') }} over so_far`. -#}
{% macro last_told(value) -%}
    {{ adapter.dispatch('last_told')(value) }}
{%- endmacro %}

{% macro duckdb__last_told(value) -%}
    last_value({{ value }} ignore nulls)
{%- endmacro %}

{% macro spark__last_told(value) -%}
    last_value({{ value }}, true)
{%- endmacro %}

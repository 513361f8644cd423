"""The models speak what DuckDB and Spark both read: words of one of them alone stand in macros, each of which says them for both.

The words are looked for in models and macros as they are written; `dbt/macros/portable` is the one place that may say them.
"""

import re

import pytest

from dagster_project.warehouse import DBT_PROJECT

# What must not be written, and what is written instead (dbt/README.md, "Portable SQL").
WORDS = {
    r"\bqualify\b": "a CTE with row_number() over (…) as preference, then `where preference = 1`",
    r"\bunnest\(": "{{ one_row_each('x') }}",
    r"\b(range|generate_series)\(": "{{ numbers_from_to(1, 12) }} or {{ months_from_to('first', 'last') }}",
    r"\blist\(": "{{ sorted_list('x') }} or {{ sorted_set('x') }}",
    r"\blist_\w+\(": "a macro of macros/portable/arrays.sql",
    r"\b(len|array_position)\(": "{{ array_length('x') }} or {{ place_among('x', ['A', 'B']) }}",
    r"\blambda\b": "{{ elements_where('x', '…') }} or {{ elements_as('x', '…') }}",
    r"\b(arg_max|arg_min|arg_max_null|arg_min_null)\(": "{{ value_at_largest('x', 'y') }} or {{ value_at_smallest('x', 'y') }}",
    r"\bany_value\(": "max(x), or a group by",
    r"\b(varchar|hugeint)\b": "string, bigint or a decimal",
    r"::": "cast(x as type)",
    r"\bas json\b": "cast(x as {{ json_type() }})",
    r"\b(to_json|struct_pack|struct_extract)\(": "{{ json_object_of({'a': 'x'}) }}, {{ struct_of({'a': 'x'}) }} or table.struct.field",
    r"->": "{{ json_text('x', '$.a') }}",
    r"\bdate_diff\(": "{{ days_between('a', 'b') }}, {{ months_between('a', 'b') }}, …",
    r"\bto_(years|months|days|hours|minutes|seconds)\(": "{{ months_after('day', 'n') }} or {{ seconds_after('at', 'n') }}",
    r"\b(timezone|strftime|strptime|epoch)\(": "{{ clock_in('at', 'timezone') }} or a new macro",
    r"\bregexp_\w+\(": "{{ matches('x', '…') }}, {{ matches_whole('x', '…') }} or {{ replaced_everywhere('x', '…', '') }}",
    r"\b(starts_with|ends_with|prefix|suffix)\(": "{{ begins_with('x', 'y') }} or {{ ends_in('x', 'y') }}",
    r"\b(printf|format)\(": "{{ with_places('x', 1) }} or {{ with_thousands('x') }}",
    r"\bstring_agg\(": "{{ sorted_text('x') }}",
    r"\b(string_split|array_to_string)\(": "split(x, ' ') or {{ elements_as_text('x', ' ') }}",
    r"\b(strip_accents|nfc_normalize)\(": "{{ without_accents('x') }}",
    r"\*\s+(exclude|replace)\b": "{{ star_without('a') }}",
    r" // ": "{{ whole_quotient('x', 'y') }}",
    r"\bfilter \((?!\s*where)": "filter (where …)",
    r"\bcolumns\(": "the columns by name",
    r"(?<=[\w)])\[\d": "{{ element('x', 1) }}, or left(x, 1) of a text",
    r"(?<![\w)'])\[[\w']": "{{ array_of('a', 'b') }}",
}
PORTABLE = DBT_PROJECT / "macros" / "portable"


def sql_of(text: str) -> str:
    """A file without its comments and without what Jinja writes: what is left is said to both engines as it stands."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", "''", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"--[^\n]*", "", text)
    return re.sub(r"'(?:[^']|'')*'", "''", text)


def jinja_of(text: str) -> str:
    """What Jinja expressions hand to macros: SQL in quotes, which both engines read too."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return "\n".join(re.findall(r"\{\{(.*?)\}\}", text, flags=re.DOTALL))


FILES = sorted(
    path
    for folder in ("models", "macros", "tests")
    for path in (DBT_PROJECT / folder).rglob("*.sql")
    if PORTABLE not in path.parents
)
IN_JINJA = {word: instead for word, instead in WORDS.items() if re.search(r"\\b\w", word) and "filter" not in word}


def test_models_say_nothing_that_one_engine_alone_understands():
    found = [
        f"{path.relative_to(DBT_PROJECT)}: `{match.group(0).strip()}`: write {instead}"
        for path in FILES
        for text, words in ((sql_of(path.read_text()), WORDS), (jinja_of(path.read_text()), IN_JINJA))
        for word, instead in words.items()
        if (match := re.search(word, text, flags=re.IGNORECASE))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "sentence",
    [
        "select * from x\nqualify row_number() over (order by y) = 1",
        "select cast(x as varchar) from y",
        "select rep_ids[1] from y",
        "select [a, b] as both from y",
        "select sum(x) filter (is_own) from y",
        "select {{ elements_as('list_sort(x)', 'each') }} from y",
        "select x::date from y",
    ],
)
def test_the_search_finds_what_it_looks_for(sentence):
    assert any(re.search(word, sql_of(sentence)) for word in WORDS) or any(
        re.search(word, jinja_of(sentence)) for word in IN_JINJA
    )


def test_no_text_holds_a_doubled_quote():
    """With patterns read as DuckDB reads them, Spark takes it for the end of one text and the beginning of the next."""
    written = {path: re.sub(r"\{#.*?#\}|--[^\n]*", "", path.read_text(), flags=re.DOTALL) for path in FILES}
    assert not [path.name for path, text in written.items() if re.search(r"(?<=[^\s(,='\"])''|''(?=\w)", text)]


def test_every_dispatched_macro_speaks_for_both_engines():
    text = "\n".join(path.read_text() for path in PORTABLE.glob("*.sql"))
    asked = set(re.findall(r"adapter\.dispatch\('(\w+)'\)", text))
    assert asked
    for engine in ("duckdb", "spark"):
        assert asked <= set(re.findall(rf"macro {engine}__(\w+)\(", text))


def test_a_rank_in_a_mart_has_the_type_of_its_contract():
    """Spark counts ranks in `int`, DuckDB in `bigint`: what the contract names is cast."""
    bare = re.compile(r"^\s*(?:row_number|rank|dense_rank|ntile)\([^\n]*\) as (\w+),?$", re.MULTILINE)
    marts = [path for path in FILES if "marts" in path.parts]
    assert bare.findall("        row_number() over (partition by a order by b) as rank,") == ["rank"]
    published = {
        path: re.findall(r"- name: (\w+)\n\s+data_type", path.with_suffix(".yml").read_text()) for path in marts
    }
    assert sum(map(len, published.values())) > 300
    found = {path.name: set(bare.findall(path.read_text())) & set(published[path]) for path in marts}
    assert not {name: ranks for name, ranks in found.items() if ranks}

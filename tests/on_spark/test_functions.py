"""The functions that Spark lacks say what DuckDB's say, on whatever two texts. No Spark is needed here."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from on_spark import functions

NAMES = st.text(alphabet="abcéñ'- ", max_size=9)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as opened:
        yield opened


@settings(deadline=None)
@given(one=NAMES, other=NAMES)
def test_letters_to_change_are_counted_as_duckdb_counts_them(connection, one, other):
    told = connection.execute("select damerau_levenshtein($1, $2)", [one, other]).fetchone()[0]
    assert functions.damerau_levenshtein(one, other) == told


@settings(deadline=None)
@given(one=NAMES, other=NAMES)
def test_likeness_is_measured_as_duckdb_measures_it(connection, one, other):
    told = connection.execute("select jaro_winkler_similarity($1, $2)", [one, other]).fetchone()[0]
    assert functions.jaro_winkler_similarity(one, other) == pytest.approx(told, abs=1e-12)


def test_nothing_is_compared_with_nothing_known():
    assert functions.damerau_levenshtein(None, "a") is None
    assert functions.jaro_winkler_similarity("a", None) is None

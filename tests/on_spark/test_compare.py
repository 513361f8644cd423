"""A table built on Spark is equal to DuckDB's, or it is said where not: rows, repetitions, columns, the last bit, and what is empty."""

import duckdb
import pytest
from on_spark.compare import Verdict, compare, summary

ROWS = "(values ('1', 0.1, 2, json '{\"a\":1}'), ('2', 0.2, 3, null), ('2', 0.2, 3, null)) as t (npi, share, calls, evidence)"
TYPED = "select npi, cast(share as double) as share, cast(calls as bigint) as calls, evidence from "


def written(tmp_path, published, built):
    folder = tmp_path / "spark"
    folder.mkdir()
    duckdb.execute(f"copy ({published}) to '{tmp_path / 'published.parquet'}' (format parquet)")
    duckdb.execute(f"copy ({built}) to '{folder / 'part-0.parquet'}' (format parquet)")
    return compare("marts_of_a_test", tmp_path / "published.parquet", folder, "none")


def test_equal_rows_in_another_order_are_equal(tmp_path):
    verdict = written(tmp_path, TYPED + ROWS, TYPED + ROWS + " order by npi desc")
    assert verdict.equal
    assert verdict.rows == 3


@pytest.mark.parametrize(
    ("built", "columns"),
    [
        (f"select * replace (share + 1e-16 as share) from ({TYPED + ROWS})", ["share"]),
        (f"select * from ({TYPED + ROWS}) where npi = '1'", ["npi", "share", "calls", "evidence"]),
        (f"select distinct * from ({TYPED + ROWS})", ["npi", "share", "calls", "evidence"]),
    ],
)
def test_a_last_bit_a_missing_row_and_a_lost_repetition_are_told(tmp_path, built, columns):
    verdict = written(tmp_path, TYPED + ROWS, built)
    assert not verdict.equal
    assert verdict.columns == columns
    assert "DIFFERENT" in str(verdict)


def test_another_column_is_no_comparison(tmp_path):
    verdict = written(tmp_path, TYPED + ROWS, f"select *, 1 as preference from ({TYPED + ROWS})")
    assert not verdict.equal
    assert "preference" in str(verdict)


def test_what_one_side_has_not_built_is_told(tmp_path):
    assert "DuckDB has not left it" in str(compare("providers", tmp_path / "none.parquet", tmp_path, "none"))
    duckdb.execute(f"copy (select 1 as npi) to '{tmp_path / 'providers.parquet'}' (format parquet)")
    assert "not built" in str(compare("providers", tmp_path / "providers.parquet", tmp_path / "nothing", "none"))


def test_empty_on_both_sides_is_equal_and_told_apart(tmp_path):
    verdict = written(tmp_path, TYPED + ROWS + " where false", TYPED + ROWS + " where false")
    assert verdict.equal
    assert "empty" in str(verdict)
    found = [verdict, Verdict("providers", rows=3), Verdict("facilities", rows=3, only_spark=1)]
    assert summary("marts", found) == "2 of 3 marts equal, of which 1 empty: marts_of_a_test."

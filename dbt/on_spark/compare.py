"""Every table that Spark built beside the one that DuckDB left, row for row, every column exactly.

DuckDB reads both as Parquet and counts the rows that only one of them has, with repetitions. Nothing is rounded here: doubles are equal
to the last bit or the table is told to differ. An empty table is equal to an empty one, and told apart from a table with rows.
Belongs here: the comparison and what it says. Not here: why two engines might differ.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

# The running refresh's own row is completed when it is published: its end, its row counts, what changed. No model builds that.
COMPLETED_BY_PUBLICATION = {"refresh_log": "refresh_id is distinct from '{refresh_id}'"}


@dataclass
class Verdict:
    """How a table compares: rows on DuckDB, rows that only one of the two has, the columns that disagree."""

    table: str
    rows: int = 0
    only_duckdb: int = 0
    only_spark: int = 0
    columns: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def equal(self) -> bool:
        return not (self.problem or self.only_duckdb or self.only_spark)

    def __str__(self) -> str:
        if self.problem:
            return f"{self.table:<32} NOT COMPARED: {self.problem}"
        if self.equal and not self.rows:
            return f"{self.table:<32} equal          empty: no row on either side"
        if self.equal:
            return f"{self.table:<32} equal      {self.rows:>9,} rows"
        where = f" (columns {', '.join(self.columns)})" if self.columns else ""
        return (
            f"{self.table:<32} DIFFERENT  {self.rows:>9,} rows; {self.only_duckdb:,} only on DuckDB,"
            f" {self.only_spark:,} only on Spark{where}"
        )


def summary(floor: str, verdicts: list[Verdict]) -> str:
    """One sentence: how many are equal, and which of them prove little because they hold no row."""
    equal = [verdict for verdict in verdicts if verdict.equal]
    empty = [verdict.table for verdict in equal if not verdict.rows]
    named = f", of which {len(empty)} empty: {', '.join(empty)}" if empty else ", none of them empty"
    return f"{len(equal)} of {len(verdicts)} {floor} equal{named if equal else ''}."


def compare(table: str, expected: Path, built: Path, refresh_id: str) -> Verdict:
    """Both sides of one table. `expected` is DuckDB's Parquet file, `built` the folder of Spark's table."""
    verdict = Verdict(table)
    if not expected.exists():
        verdict.problem = f"DuckDB has not left it: there is no {expected.name}"
        return verdict
    if not any(built.glob("*.parquet")):
        verdict.problem = "Spark has not built it"
        return verdict
    with duckdb.connect(config={"memory_limit": "2GB", "threads": 2}) as connection:
        connection.execute("set timezone = 'UTC'")
        kept = COMPLETED_BY_PUBLICATION.get(table, "true").format(refresh_id=refresh_id)
        connection.execute(f"create view duckdb as select * from read_parquet('{expected}') where {kept}")
        connection.execute(f"create view spark as select * from read_parquet('{built}/*.parquet') where {kept}")
        types = _types(connection, "duckdb")
        if missing := set(types) ^ set(_types(connection, "spark")):
            verdict.problem = f"columns that only one of them has: {', '.join(sorted(missing))}"
            return verdict
        verdict.rows = connection.execute("select count(*) from duckdb").fetchone()[0]
        columns = [_as_text_or_type(name, kind) for name, kind in types.items()]
        verdict.only_duckdb = _only(connection, "duckdb", "spark", columns)
        verdict.only_spark = _only(connection, "spark", "duckdb", columns)
        if not verdict.equal:
            verdict.columns = [
                name
                for name, column in zip(types, columns, strict=True)
                if _only(connection, "duckdb", "spark", [column]) or _only(connection, "spark", "duckdb", [column])
            ]
    return verdict


def _types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"describe {relation}").fetchall()}


def _as_text_or_type(name: str, kind: str) -> str:
    """A column in the published type; JSON as the text that it is, for Spark has no type for it."""
    return f'cast("{name}" as {"varchar" if kind == "JSON" else kind})'


def _only(connection: duckdb.DuckDBPyConnection, one: str, other: str, columns: list[str]) -> int:
    listed = ", ".join(columns)
    return connection.execute(
        f"select count(*) from (select {listed} from {one} except all select {listed} from {other})"
    ).fetchone()[0]

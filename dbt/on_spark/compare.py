"""Every mart that Spark built beside the one that DuckDB published, row for row, every column exactly.

DuckDB reads both as Parquet and counts the rows that only one of them has, with repetitions. Nothing is rounded here: doubles are equal
to the last bit or the mart is told to differ.
Belongs here: the comparison and what it says. Not here: why two engines might differ.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

# The running refresh's own row is completed when it is published: its end, its row counts, what changed. No model builds that.
COMPLETED_BY_PUBLICATION = {"refresh_log": "refresh_id is distinct from '{refresh_id}'"}


@dataclass
class Verdict:
    """How a mart compares: rows published, rows that only one of the two has, the columns that disagree."""

    mart: str
    rows: int = 0
    only_published: int = 0
    only_spark: int = 0
    columns: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def equal(self) -> bool:
        return not (self.problem or self.only_published or self.only_spark)

    def __str__(self) -> str:
        if self.problem:
            return f"{self.mart:<32} NOT COMPARED: {self.problem}"
        if self.equal:
            return f"{self.mart:<32} equal      {self.rows:>9,} rows"
        where = f" (columns {', '.join(self.columns)})" if self.columns else ""
        return (
            f"{self.mart:<32} DIFFERENT  {self.rows:>9,} rows; {self.only_published:,} only published,"
            f" {self.only_spark:,} only on Spark{where}"
        )


def compare(mart: str, published: Path, built: Path, refresh_id: str) -> Verdict:
    """Both sides of one mart. `published` is a Parquet file, `built` the folder of Spark's table."""
    verdict = Verdict(mart)
    if not any(built.glob("*.parquet")):
        verdict.problem = "Spark has not built it"
        return verdict
    with duckdb.connect(config={"memory_limit": "2GB", "threads": 2}) as connection:
        connection.execute("set timezone = 'UTC'")
        kept = COMPLETED_BY_PUBLICATION.get(mart, "true").format(refresh_id=refresh_id)
        connection.execute(f"create view published as select * from read_parquet('{published}') where {kept}")
        connection.execute(f"create view spark as select * from read_parquet('{built}/*.parquet') where {kept}")
        types = _types(connection, "published")
        if missing := set(types) ^ set(_types(connection, "spark")):
            verdict.problem = f"columns that only one of them has: {', '.join(sorted(missing))}"
            return verdict
        verdict.rows = connection.execute("select count(*) from published").fetchone()[0]
        columns = [_as_text_or_type(name, kind) for name, kind in types.items()]
        verdict.only_published = _only(connection, "published", "spark", columns)
        verdict.only_spark = _only(connection, "spark", "published", columns)
        if not verdict.equal:
            verdict.columns = [
                name
                for name, column in zip(types, columns, strict=True)
                if _only(connection, "published", "spark", [column])
                or _only(connection, "spark", "published", [column])
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

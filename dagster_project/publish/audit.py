"""What a release must satisfy before readers see it. Each check looks at the finished files, not at the warehouse they came from.

Belongs here: promises to readers (columns, types, keys, sums, who may not be listed, no patient identifier, no small count of patients).
Not here: checks of the landing zone (border) or of one model's logic (dbt tests).
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.parquet import quoted
from dagster_project.publish import crm_writeback_audit, opted_out, patients, privacy
from dagster_project.publish.export import Mart

DUCKDB_TYPES = {"text": "VARCHAR", "int": "BIGINT", "num": "DOUBLE", "ts": "TIMESTAMP", "bool": "BOOLEAN"}


@dataclass(frozen=True)
class Finding:
    """One broken promise, in words that say what to look at."""

    check: str
    message: str


class AuditFailure(Exception):
    """The release was not published; yesterday's stays."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__("the refresh was not published:\n" + "\n".join(f"- {f.check}: {f.message}" for f in findings))


def audit(release: Path, marts: list[Mart], patients_from: int, earlier: Path | None = None) -> None:
    """Check a release that is built but not yet published; raises `AuditFailure` with everything that is wrong.

    Counts of fewer than `patients_from` patients are not shown, nor such a difference from the `earlier` release.
    """
    with duckdb.connect(str(release / "fieldscope.duckdb"), read_only=True) as connection:
        findings = [*_columns(connection, marts), *_absent(release, marts)]
        if not findings:  # the other checks read what these promise
            findings = [
                *_files(connection, release, marts),
                *_patients(connection),
                *_sums(connection),
                *_listed(connection),
                *_opted_out(connection, marts),
                *_suppressed(connection),
                *_counts(connection, patients_from, earlier),
                *(Finding(check, message) for check, message in crm_writeback_audit.broken(connection, release)),
            ]
    if findings:
        raise AuditFailure(findings)


def _columns(connection: duckdb.DuckDBPyConnection, marts: list[Mart]) -> list[Finding]:
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'main'"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return [
        Finding(
            "promised columns",
            f"{mart.name}.{column} should be {kind}, is {found.get(mart.name, {}).get(column, 'absent')}",
        )
        for mart in marts
        for column, kind in mart.columns.items()
        if found.get(mart.name, {}).get(column) != DUCKDB_TYPES.get(kind.lower(), kind.upper())
    ]


def _absent(release: Path, marts: list[Mart]) -> list[Finding]:
    files = [release / "parquet" / f"{mart.name}.parquet" for mart in marts]
    return [Finding("same rows in both forms", f"parquet/{path.name} is absent") for path in files if not path.exists()]


def _files(connection: duckdb.DuckDBPyConnection, release: Path, marts: list[Mart]) -> list[Finding]:
    findings = []
    for mart in marts:
        path = release / "parquet" / f"{mart.name}.parquet"
        table, file = (
            connection.execute(f"select count(*) from {place}").fetchone()[0]
            for place in (f'"{mart.name}"', f"read_parquet({quoted(path)})")
        )
        if table != file:
            findings.append(
                Finding(
                    "same rows in both forms", f"{mart.name} has {table} rows in the database and {file} in {path.name}"
                )
            )
    return findings


def _patients(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    return [
        Finding("no patient identifier", f"{column} looks like one")
        for column in privacy.suspicious_columns(connection)
    ]


def _sums(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    rows = connection.execute("""
        select
            quarter_start,
            coalesce(sum(expected_usd) filter (level = 'territory'), 0) as parts_expected,
            coalesce(sum(closed_usd) filter (level = 'territory'), 0) as parts_closed,
            coalesce(sum(expected_usd) filter (level = 'company'), 0) as whole_expected,
            coalesce(sum(closed_usd) filter (level = 'company'), 0) as whole_closed
        from forecasts
        group by quarter_start
        having abs(parts_expected - whole_expected) > 0.01 + 1e-9 * abs(whole_expected)
            or abs(parts_closed - whole_closed) > 0.01 + 1e-9 * abs(whole_closed)
        order by quarter_start
    """).fetchall()
    return [
        Finding(
            "levels add up",
            f"quarter {quarter}: territories expect {parts:,.0f} and have closed {closed_parts:,.0f},"
            f" the company {whole:,.0f} and {closed_whole:,.0f}",
        )
        for quarter, parts, closed_parts, whole, closed_whole in rows
    ]


def _listed(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    rows = connection.execute("""
        select l.npi, any_value(w.rule) from target_list as l inner join withheld_targets as w on l.npi = w.npi
        where w.rule <> 'holdout' or l.assignment <> 'holdout' group by l.npi
    """).fetchall()
    return [
        Finding("who may not be listed", f"{npi} is on the target list and withheld by {rule}")
        for npi, rule in rows[:10]
    ]


def _opted_out(connection: duckdb.DuckDBPyConnection, marts: list[Mart]) -> list[Finding]:
    return [Finding("who opted out", message) for message in opted_out.shown_figures(connection, marts)]


def _suppressed(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    tables = [
        row[0]
        for row in connection.execute(
            "select table_name from duckdb_columns() where column_name in ('patients', 'is_suppressed') group by table_name having count(*) = 2"
        ).fetchall()
    ]
    findings = []
    for table in tables:
        shown = connection.execute(
            f'select count(*) from "{table}" where is_suppressed and patients is not null'
        ).fetchone()[0]
        if shown:
            findings.append(
                Finding(
                    "suppressed counts stay empty",
                    f"{table} shows {shown} patient counts that are marked as suppressed",
                )
            )
    return findings


def _counts(connection: duckdb.DuckDBPyConnection, patients_from: int, earlier: Path | None) -> list[Finding]:
    found = patients.small_counts(connection, patients_from)
    if earlier is not None and not found:
        found = patients.small_differences(connection, earlier, patients_from)
    return [Finding("no small count of patients", message) for message in found]

"""Counts of patients at the door: which ever left this home, and what a release may not show.

Whoever holds the releases of several nights can subtract. dbt withholds what claim lines themselves tell of earlier nights; what they
cannot tell (a file that came after its date, a family whose codes the company changed) is seen by what did leave. A count once shown never
stands in the way of itself, so a repeated or a past night gives what it gave.
Belongs here: that memory, and the audit's checks of counts. Not here: which counts are withheld (`dbt`, models `int_patients_*`).
"""

from pathlib import Path

import duckdb
import pandas as pd

from dagster_project.parquet import quoted, write_frame, write_query
from dagster_project.settings import Home

COLUMNS = {
    "npi": "text",
    "family_kind": "text",
    "family": "text",
    "period_start": "date",
    "period_grain": "text",
    "claims_source": "text",
    "patients": "int",
}
# The marts that count patients, each as one cell a row. No other may have a column `patients`.
CELLS = {
    "provider_procedures": "npi, 'procedure' as family_kind, procedure_family as family, period_start, period_grain,"
    " claims_source, patients",
    "provider_diagnoses": "npi, 'diagnosis' as family_kind, diagnosis_family as family, period_start, period_grain,"
    " 'claim_lines' as claims_source, patients",
}


def remember(home: Home, release: Path) -> int:
    """Add to the memory every count that a release shows and that it did not hold yet; returns how many."""
    shown, ledger = _shown(release), _ledger(home)
    if not shown:
        return 0
    known = f" except select * from {ledger}" if ledger else ""
    with duckdb.connect() as connection:
        query = f"select * from ({shown}){known}"
        if not connection.execute(f"select count(*) from ({query})").fetchone()[0]:
            return 0
        target = home.history / "patient_counts" / f"{release.name}.parquet"
        return write_query(connection, f"{query} order by all", target)


def collect(home: Home) -> int:
    """Write `raw/history/patient_counts`: every count that ever left this home; returns the number of rows."""
    if home.current.exists():  # a night that was killed between its swap and its memory
        remember(home, home.current.resolve())
    target = home.raw / "history" / "patient_counts" / "counts.parquet"
    write_frame(pd.DataFrame(columns=list(COLUMNS)), COLUMNS, target.with_name("_empty.parquet"))
    ledger = _ledger(home)
    if not ledger:
        target.unlink(missing_ok=True)
        return 0
    with duckdb.connect() as connection:
        return write_query(connection, f"select * from {ledger} order by all", target)


def minimum(home: Home) -> int:
    """From how many patients on a count may be shown, as the company's settings in use say."""
    files = quoted(home.raw / "company" / "settings" / "*.parquet")
    with duckdb.connect() as connection:
        return connection.execute(f"select max(cell_suppression_minimum) from read_parquet({files})").fetchone()[0]


def small_counts(connection: duckdb.DuckDBPyConnection, minimum: int) -> list[str]:
    """Marts of schema `main` that show a count below the company's minimum, or count patients by no rule."""
    found = []
    for (table,) in connection.execute(
        "select distinct table_name from duckdb_columns() where schema_name = 'main' and column_name = 'patients' order by 1"
    ).fetchall():
        if table not in CELLS:
            found.append(f"{table} counts patients, and no rule says which of its counts may be shown")
            continue
        (rows,) = connection.execute(f"select count(*) from {table} where patients < ?", [minimum]).fetchone()
        if rows:
            found.append(f"{table} shows {rows} counts of fewer than {minimum} patients")
    return found


def small_differences(connection: duckdb.DuckDBPyConnection, earlier: Path, minimum: int) -> list[str]:
    """Marts of schema `main` in which a count differs from that of an earlier release by fewer patients than the minimum."""
    found = []
    for table, cells in CELLS.items():
        file = earlier / "parquet" / f"{table}.parquet"
        if not file.exists():
            continue
        (rows,) = connection.execute(
            f"""
            select count(*) from (select {cells} from {table}) as now
            inner join (select {cells} from read_parquet({quoted(file)})) as earlier
                using (npi, family_kind, family, period_start, period_grain, claims_source)
            where now.patients <> earlier.patients and abs(now.patients - earlier.patients) < ?
            """,
            [minimum],
        ).fetchone()
        if rows:
            found.append(
                f"{table} shows {rows} counts that differ by fewer than {minimum} patients from those of {earlier.name}"
            )
    return found


def _shown(release: Path) -> str:
    files = ((cells, release / "parquet" / f"{table}.parquet") for table, cells in CELLS.items())
    return " union all ".join(
        f"select {cells} from read_parquet({quoted(path)}) where patients is not null"
        for cells, path in files
        if path.exists()
    )


def _ledger(home: Home) -> str:
    files = sorted((home.history / "patient_counts").glob("*.parquet"))
    return f"read_parquet([{', '.join(quoted(path) for path in files)}])" if files else ""

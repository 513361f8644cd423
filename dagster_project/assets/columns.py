"""What the page shows of each column: its type, its one sentence, and from which columns it is made, back to the landing zone's.

The traces stand beside the definitions, so that no night writes them again. Dagster's own pages keep `column_lineage` for tools
that ask for it; what a person reads is in the sentence of the column. Not here: the tracing (`lineage`).
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from dagster_project.lineage import Column, Traces, origins

SHOWN = 6


def metadata_of(table: str, described: Mapping[str, Mapping[str, Any]], traces: Traces) -> dict[str, Any]:
    """The schema and the column lineage of one table of the warehouse, as Dagster's metadata."""
    columns = [
        dg.TableColumn(
            name,
            type=described.get(name, {}).get("data_type") or "?",
            description=f"{described.get(name, {}).get('description', '')} {sentence(table, name, traces)}".strip(),
        )
        for name in traces[table]
    ]
    deps = {
        name: [dg.TableColumnDep(dg.AssetKey(place.split("/")), column) for place, column in found]
        for name, found in traces[table].items()
        if found
    }
    return {"dagster/column_schema": dg.TableSchema(columns), "dagster/column_lineage": dg.TableColumnLineage(deps)}


def sentence(table: str, column: str, traces: Traces) -> str:
    """From which columns this one is made, and where those begin."""
    found = traces[table][column]
    if found is None:
        return "The SQL does not tell from which columns it is made."
    if not found:
        return "Made of no column: a constant, or a count of rows."
    begins = sorted(origins(traces, table, column))
    return f"Made from {_listed(found)}" + (f"; begins in {_listed(begins)}." if begins != found else ".")


def _listed(columns: list[Column]) -> str:
    """A few columns by name, many by their tables, and those of very many tables by their sources."""
    if len(columns) <= SHOWN:
        return ", ".join(f"`{table}.{column}`" for table, column in columns)
    tables = sorted({table for table, _ in columns})
    if len(tables) > SHOWN:
        tables = sorted({table.rpartition("/")[0] for table in tables})
    return f"{len(columns)} columns of " + ", ".join(f"`{table}`" for table in tables)

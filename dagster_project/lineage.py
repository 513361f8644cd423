"""From which columns each column of the warehouse is made: read from the SQL that dbt compiles, with sqlglot.

Asked once for each state of the project and kept beside its manifest, so that no night pays for it. A column is `traced` to columns of
the tables that its query reads and to those of the raw and predicted tables where they begin; it is made `of no column` where it is
a constant or counts rows; and `unknown` where the SQL does not tell, which is said and never left out. What filters, joins or orders
rows is not followed. Belongs here: the tracing. Not here: how a page shows it (`assets.floors`).
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlglot
from sqlglot import exp
from sqlglot.lineage import lineage
from sqlglot.schema import MappingSchema

from dagster_project import history, warehouse
from dagster_project.ingest.border import raw_schema
from dagster_project.publish import patients

DIALECT = "duckdb"
# Stands for all columns of a query that cannot even be parsed.
UNREADABLE = "*"
# An upstream column: the path of its table's asset (`raw/claims/provider_service`) and its name.
Column = tuple[str, str]
# Table -> column -> the columns it is read from; None where the SQL does not tell.
Traces = dict[str, dict[str, list[Column] | None]]


@cache
def column_lineage() -> Traces:
    """The traces of the project as it stands, computed when a model or the layout of a raw table has changed."""
    folder = warehouse.PREPARED / warehouse.prepared().fingerprint
    layout = json.dumps(sorted(raw_schema().items())) + Path(__file__).read_text()
    kept = folder / f"lineage-{hashlib.sha256(layout.encode()).hexdigest()[:16]}.json"
    if not kept.exists():
        part = kept.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(trace(compiled_models(), lake_tables())))
        part.replace(kept)
    return {
        table: {name: None if found is None else [(t, c) for t, c in found] for name, found in columns.items()}
        for table, columns in json.loads(kept.read_text()).items()
    }


def origins(traces: Traces, table: str, column: str) -> set[Column]:
    """The columns of raw and predicted tables in which a column begins."""
    found: set[Column] = set()
    seen: set[Column] = set()
    waiting = [(table, column)]
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if place[0] not in traces:
            found.add(place)
            continue
        waiting.extend(traces[place[0]].get(place[1]) or [])
    return found


def compiled_models() -> dict[str, str]:
    """Each model's SQL as dbt sends it, parents before their children, by the path of its asset."""
    with TemporaryDirectory(dir=warehouse.PREPARED) as work:
        compiled = warehouse.compiled(Path(work) / "target")
    models = {key: node for key, node in compiled["nodes"].items() if node["resource_type"] == "model"}
    return {
        f"{models[key]['schema']}/{models[key]['name']}": models[key]["compiled_code"]
        for key in _in_order(models, compiled["parent_map"])
    }


def _in_order(models: Mapping, parents: Mapping[str, list[str]]) -> Iterator[str]:
    for key in TopologicalSorter({key: parents[key] for key in sorted(models)}).static_order():
        if key in models:
            yield key


def lake_tables() -> dict[str, list[str]]:
    """The columns of every table in which dbt's models begin, by the path of its asset."""
    tables = {f"raw/{source}/{table}": list(types) for (source, table), types in raw_schema().items()}
    tables |= {f"raw/history/{table}": [*types, "as_of"] for table, types in history.EARLIER.items()}
    tables["raw/history/patient_counts"] = list(patients.COLUMNS)
    tables["raw/border/refreshes"] = list(history.REFRESHES)
    for source in warehouse.manifest()["sources"].values():
        if source["source_name"] == "ml":
            place = _lake_path(source["config"]["meta"]["external_location"])
            _, capability, table = place.split("/")
            tables[place] = list(import_module(f"models_ml.{capability}").OUTPUTS[table])
    return tables


def _lake_path(text: str) -> str:
    found = re.search(r"(?:raw|ml)/[^'*]+", text)
    return found.group().removesuffix(".parquet").rstrip("/") if found else text


def trace(models: Mapping[str, str], tables: Mapping[str, list[str]]) -> Traces:
    """Follow each column of each model (in order, parents first) to the columns of the tables that its SQL names."""
    known = MappingSchema(dialect=DIALECT, normalize=False)
    for table, columns in tables.items():
        known.add_table(exp.table_(table, quoted=True), dict.fromkeys(columns, "text"))
    traces: Traces = {}
    for model, sql in models.items():
        traces[model] = _trace_model(sql, known)
        known.add_table(exp.table_(model, quoted=True), dict.fromkeys(traces[model], "text"))
    return traces


def _trace_model(sql: str, known: MappingSchema) -> dict[str, list[Column] | None]:
    names = [UNREADABLE]
    try:
        tree = sqlglot.parse_one(sql, dialect=DIALECT).transform(_by_asset)
        names = tree.named_selects if isinstance(tree, exp.Query) else names
        found = lineage(None, tree, known, dialect=DIALECT, trim_selects=False)
    # SQL that the tracer does not understand costs no night: its columns stand as unknown.
    except Exception:
        return dict.fromkeys(names)
    return {name: _columns_read(node) for name, node in found.items()}


def _by_asset(node: exp.Expr) -> exp.Expr:
    """A table by its asset's path: `"warehouse"."intermediate"."int_calls"` and `read_parquet('raw/…')` alike."""
    if not isinstance(node, exp.Table):
        return node
    if isinstance(node.this, exp.Identifier):
        if not node.db:
            return node
        place = f"{node.db}/{node.name}"
    else:
        place = _lake_path(node.this.sql(dialect=DIALECT))
    return exp.Table(this=exp.to_identifier(place, quoted=True), alias=node.args.get("alias"))


def _columns_read(column) -> list[Column] | None:
    """Where the steps from one column end: at columns of tables, at none, or somewhere that the SQL does not tell."""
    found: set[Column] = set()
    for step in column.walk():
        if step.downstream:
            continue
        if isinstance(step.expression, exp.Table):
            name = step.name.rpartition(".")[2].strip('"')
            if name == "*":
                return None
            found.add((step.expression.name, name))
        elif isinstance(step.expression, (exp.Placeholder, exp.Star)):
            return None
    return sorted(found)

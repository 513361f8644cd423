"""What dbt's documentation says is true of the project: its picture, its lists, who uses what, and no warning while it is read."""

import importlib.util
import sys
from pathlib import Path

from dagster_project import warehouse
from dagster_project.lineage import column_lineage
from dagster_project.publish.export import marts_of

PROJECT = Path(__file__).resolve().parent.parent.parent
MANIFEST = warehouse.manifest()
MODELS = {node["name"]: node for node in MANIFEST["nodes"].values() if node["resource_type"] == "model"}
MARTS = {mart.name for mart in marts_of(MANIFEST)}
USES = {
    "territory_dashboard", "managers_review", "target_list_in_the_crm", "blind_spots_review", "forecast_review", "compliance_audit",
    "analysts_notebooks",
}  # fmt: skip


def page(name: str):
    """A module of docs/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, PROJECT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def references() -> list[tuple[str, str, str]]:
    return [
        (name, column, told["config"]["meta"]["refers_to"])
        for name, node in MODELS.items()
        for column, told in node["columns"].items()
        if "refers_to" in told["config"]["meta"]
    ]


def test_the_entity_diagram_is_drawn_from_the_project_as_it_is():
    diagram = page("entity_diagram")
    assert diagram.PICTURE.read_text() == diagram.draw(), "`make docs` draws it again"


def test_the_list_of_metrics_is_that_of_the_project():
    metrics = page("metric_list")
    assert metrics.PAGE.read_text() == metrics.written(), "`make docs` writes it again"


def test_a_column_that_refers_to_a_mart_names_its_key():
    keys = dict(page("entity_diagram")._keys(MANIFEST["nodes"]))
    found = references()
    assert len(found) > 20
    assert [
        f"{name}.{column}" for name, column, target in found if keys[target.split(".")[0]] != (target.split(".")[1],)
    ] == []


def test_each_use_has_an_owner_a_maturity_and_the_marts_it_reads():
    exposures = {node["name"]: node for node in MANIFEST["exposures"].values()}
    assert set(exposures) == USES
    for name, use in exposures.items():
        assert use["owner"]["name"], name
        assert use["maturity"], name
        assert len(use["description"].split()) > 5, name
        read = {node.split(".")[-1] for node in use["depends_on"]["nodes"] if node.startswith("model.")}
        assert read, name
        assert read <= MARTS, name


def test_dbt_reads_the_project_without_a_warning():
    """Deprecations are warnings too; the log is that of the parse by which the manifest was made."""
    log = (warehouse.PREPARED / warehouse.prepared().fingerprint / "parse.log").read_text()
    assert "Acquiring new duckdb connection" in log or "Running with dbt" in log
    assert [line for line in log.splitlines() if "[warn " in line or "deprecat" in line.lower()] == []


def test_every_column_has_its_sentence():
    bare = [
        f"{table}.{column}"
        for table, columns in column_lineage().items()
        for column in columns
        if not MODELS[table.split("/")[1]]["columns"].get(column, {}).get("description")
    ]
    assert bare == []

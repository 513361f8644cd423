"""The law of the layers: data flows one way, and each room knows only what it may. No exceptions."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
MODELS = PROJECT / "dbt" / "models"
FLOORS = ("staging", "intermediate", "features", "marts")


def imports_of(path: Path) -> set[str]:
    """Top-level packages that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


def sql_models() -> dict[str, Path]:
    return {path.stem: path for path in MODELS.rglob("*.sql")}


def floor_of(path: Path) -> str:
    return path.relative_to(MODELS).parts[0]


def refs_of(path: Path) -> set[str]:
    return set(re.findall(r"ref\(\s*['\"](\w+)['\"]\s*\)", path.read_text()))


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "models_ml").rglob("*.py")), ids=lambda p: str(p.relative_to(PROJECT))
)
def test_models_know_neither_orchestrator_nor_warehouse(path):
    assert not imports_of(path) & {"dagster", "dagster_dbt", "dagster_project", "dbt", "duckdb", "sample_world"}


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "dagster_project").rglob("*.py")), ids=lambda p: str(p.relative_to(PROJECT))
)
def test_only_the_sample_command_knows_the_sample_world(path):
    assert "sample_world" not in imports_of(path) or path.name == "cli.py"


def test_the_warehouse_reads_the_lake_and_no_file_of_the_landing_zone():
    places = [
        place for path in MODELS.rglob("*.yml") for place in re.findall(r"external_location: (.*)", path.read_text())
    ]
    assert len(places) > 5
    assert [place for place in places if not re.match(r"\W*read_parquet\('(raw|ml)/", place)] == []
    assert [name for name, path in sql_models().items() if re.search(r"read_|_scan\(", path.read_text())] == []


def test_there_are_models_on_every_floor():
    assert {floor_of(path) for path in sql_models().values()} == set(FLOORS)


@pytest.mark.parametrize("name", sorted(sql_models()))
def test_no_arrow_points_back(name):
    models = sql_models()
    path = models[name]
    for parent in refs_of(path):
        assert FLOORS.index(floor_of(models[parent])) <= FLOORS.index(floor_of(path)), f"{name} reads {parent}"
        if floor_of(path) == "staging":
            assert floor_of(models[parent]) == "staging", f"{name} reads {parent}"


@pytest.mark.parametrize("name", sorted(sql_models()))
def test_sources_are_read_in_staging_and_predictions_in_marts(name):
    path = sql_models()[name]
    sources = set(re.findall(r"source\(\s*['\"](\w+)['\"]", path.read_text()))
    allowed = {"staging": None, "marts": {"ml"}}.get(floor_of(path), set())
    assert allowed is None or sources <= allowed, f"{name} reads sources {sources}"
    assert floor_of(path) != "staging" or "ml" not in sources


@pytest.mark.parametrize("name", sorted(sql_models()))
def test_every_model_has_its_yaml_twin(name):
    path = sql_models()[name]
    twin = path.with_suffix(".yml")
    assert twin.exists(), f"{path.relative_to(PROJECT)} has no {twin.name} beside it"
    assert re.search(rf"name:\s*{name}\b", twin.read_text())

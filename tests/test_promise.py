"""Every mart that BI tools were promised exists, with the promised columns, types and keys, each described."""

import re
from pathlib import Path

import pytest

from dagster_project import warehouse
from dagster_project.publish.export import marts_of

PROJECT = Path(__file__).resolve().parent.parent
TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "num": "DOUBLE",
    "date": "DATE",
    "ts": "TIMESTAMP",
    "bool": "BOOLEAN",
    "json": "JSON",
}
SAME = {"TEXT": "VARCHAR", "STRING": "VARCHAR", "INT8": "BIGINT", "FLOAT8": "DOUBLE"}
# Columns that the page lists after a typed one without repeating the type, or types by a word of its definitions.
COUNTS = {
    "calls", "planned_calls", "kept_calls", "providers_called", "trials", "new_customers", "quantity", "contacts_12m", "calls_12m", "rows",
    "rows_checked", "facilities", "payments", "publications", "recent_publications",
}  # fmt: skip


def promised() -> dict[str, dict[str, str | None]]:
    """Mart -> column -> type as text, int, … (None where the page leaves it open), read from the promise itself."""
    page = PROJECT.parent / "shared" / "marts.md"
    if not page.exists():
        pytest.skip("the page of promises (../shared/marts.md) is not on this machine")
    marts: dict[str, dict[str, str | None]] = {}
    text = page.read_text().split("## Definitions")[0]
    for line in text.splitlines():
        found = re.match(r"- `(\w+)`(?: / `(\w+)`)? — (.*)", line)
        if not found:
            continue
        names = [name for name in found.groups()[:2] if name]
        for name, columns in zip(names, found.group(3).split(" · "), strict=False):
            marts[name] = columns_of(columns)
    return marts


def columns_of(text: str) -> dict[str, str | None]:
    flat = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", text))
    flat = re.split(r"\. Kinds|; ", flat)[0]
    columns: dict[str, str | None] = {}
    for part in flat.split(","):
        words = part.replace("*", "").strip().split()
        if words and re.fullmatch(r"[a-z][a-z0-9_]+", words[0]):
            columns[words[0]] = words[1] if len(words) > 1 and words[1] in TYPES else implied(words[0])
    return columns


def implied(column: str) -> str | None:
    for ending, kind in (("_on", "date"), ("_at", "ts")):
        if column.endswith(ending):
            return kind
    if re.search(r"(_usd|_share|_index|_hours|_probability)$", column) or column in {
        "p10",
        "p50",
        "p90",
        "lower",
        "upper",
    }:
        return "num"
    return "int" if column in COUNTS else None


@pytest.fixture(scope="module")
def built():
    return {mart.name: mart for mart in marts_of(warehouse.manifest())}


def test_every_promised_mart_exists(built):
    assert sorted(set(promised()) - set(built)) == []


def test_every_promised_column_exists_with_its_type(built):
    wrong = []
    for name, columns in promised().items():
        for column, kind in columns.items():
            found = built[name].columns.get(column) if name in built else None
            found = SAME.get(str(found).upper(), str(found).upper())
            if found == "NONE" or (kind and found != TYPES[kind]):
                wrong.append(f"{name}.{column}: promised {kind}, is {found}")
    assert wrong == []


def test_every_mart_and_column_is_described(built):
    bare = [mart.name for mart in built.values() if len(mart.description.split()) < 4]
    bare += [
        f"{mart.name}.{column}"
        for mart in built.values()
        for column, text in mart.column_descriptions.items()
        if not text
    ]
    assert bare == []


def test_every_mart_keeps_its_word_by_an_enforced_contract(built):
    models = [
        node
        for node in warehouse.manifest()["nodes"].values()
        if node["name"] in built and node["resource_type"] == "model"
    ]
    loose = [node["name"] for node in models if not node["contract"]["enforced"]]
    loose += [f"{n['name']}.{name}" for n in models for name, column in n["columns"].items() if not column["data_type"]]
    assert loose == []


def test_what_makes_a_row_unique_is_tested_and_never_empty(built):
    """The key is the one promised, where the mart is; each of its columns is not null by the contract or by a test."""
    nodes = warehouse.manifest()["nodes"]
    tests = [
        n for n in nodes.values() if n["resource_type"] == "test" and n.get("test_metadata") and n["attached_node"]
    ]
    keys, filled = {}, set()
    for test in tests:
        mart, named = nodes[test["attached_node"]]["name"], test["test_metadata"]["kwargs"]
        if test["test_metadata"]["name"] in {"unique", "unique_combination"}:
            keys.setdefault(mart, []).append(set(named.get("columns") or [named["column_name"]]))
        if test["test_metadata"]["name"] == "not_null":
            filled.add((mart, named["column_name"]))
    for node in nodes.values():
        filled |= {
            (node["name"], c)
            for c, v in node.get("columns", {}).items()
            if {"not_null"} & {k["type"] for k in v["constraints"]}
        }
    assert sorted(set(built) - set(keys)) == [], "marts without a key"
    for mart, key in promised_keys().items():
        assert any(found <= key for found in keys[mart]), f"{mart}: no test that {sorted(key)} is unique"
        assert {(mart, column) for column in key} <= filled, f"{mart}: a column of the key may be empty"


def promised_keys() -> dict[str, set[str]]:
    """Mart -> the columns in bold on the page of promises."""
    promised()
    found = {}
    for line in (PROJECT.parent / "shared" / "marts.md").read_text().split("## Definitions")[0].splitlines():
        if names := re.match(r"- `(\w+)`(?: / `(\w+)`)? — (.*)", line):
            for name, columns in zip([n for n in names.groups()[:2] if n], names.group(3).split(" · "), strict=False):
                found[name] = set(re.findall(r"\*\*(\w+)\*\*", columns))
    return found

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

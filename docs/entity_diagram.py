"""Draw the marts that most questions join, with keys and cardinalities, as dbt's documentation shows them on its first page.

Run by `make docs`; a test draws it again and compares. Keys are what dbt tests for uniqueness, lines are the columns whose `refers_to`
names the key of another mart. Belongs here: the drawing, and where each mart stands in it. Not here: what a column means.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from dagster_project import warehouse

PICTURE = warehouse.DBT_PROJECT / "assets" / "entities.svg"
# Columns of the page from left to right; what many refer to stands between those that refer to it.
PLACES = (
    ("provider_procedures", "provider_diagnoses", "provider_payments", "provider_affiliations", "stakeholders"),
    ("providers", "facilities"),
    ("target_list", "target_scores", "calls", "blind_spots"),
    ("territories", "reps"),
    ("orders", "opportunities", "opportunity_stages", "opportunity_forecasts"),
    ("territory_periods", "rep_periods", "territory_family_periods", "forecasts", "forecast_accuracy"),
)
COLOURS = {
    "providers": "#0f766e",
    "facilities": "#a16207",
    "territories": "#6d28d9",
    "reps": "#be185d",
    "opportunities": "#1d4ed8",
}
WIDTH, GAP, ROW, HEAD, TOP, SPACE, SHOWN = 208, 92, 19, 30, 104, 30, 5


@dataclass(frozen=True)
class Table:
    """One mart of the drawing: its key, what it refers to, and where its box stands."""

    name: str
    key: tuple[str, ...]
    refers_to: Mapping[str, str]
    rows: tuple[str, ...]
    has_more: bool
    x: int
    y: int

    @property
    def height(self) -> int:
        return HEAD + ROW * (len(self.rows) + self.has_more) + 8

    def level(self, column: str) -> float:
        return self.y + HEAD + ROW * (self.rows.index(column) + 0.5) + 2


def tables() -> dict[str, Table]:
    """The marts of the drawing, placed; keys, references and a few more columns as the manifest has them."""
    nodes = warehouse.manifest()["nodes"]
    keys = dict(_keys(nodes))
    placed: dict[str, Table] = {}
    heights = []
    for number, names in enumerate(PLACES):
        y = TOP
        for name in names:
            columns = nodes[f"model.fieldscope.{name}"]["columns"]
            refers = {
                c: v["config"]["meta"]["refers_to"] for c, v in columns.items() if "refers_to" in v["config"]["meta"]
            }
            first = [*keys[name], *(column for column in refers if column not in keys[name])]
            rest = [column for column in columns if column not in first]
            x = 28 + number * (WIDTH + GAP)
            placed[name] = Table(name, keys[name], refers, (*first, *rest[:SHOWN]), len(rest) > SHOWN, x, y)
            y += placed[name].height + SPACE
        heights.append(y - SPACE)
    tallest = max(heights)
    moved = {}
    for names, height in zip(PLACES, heights, strict=True):
        for name in names:
            table = placed[name]
            moved[name] = Table(**{**table.__dict__, "y": table.y + (tallest - height) // 2})
    return moved


def _keys(nodes: Mapping) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in nodes.values():
        tested = node.get("test_metadata") or {}
        if tested.get("name") in {"unique", "unique_combination"} and node["attached_node"]:
            named = tested["kwargs"].get("columns") or [tested["kwargs"]["column_name"]]
            yield nodes[node["attached_node"]]["name"], tuple(named)


def draw() -> str:
    placed = tables()
    height = max(table.y + table.height for table in placed.values()) + 28
    width = 56 + len(PLACES) * (WIDTH + GAP) - GAP
    lines = [
        _line(table, column, placed[target], key)
        for table in placed.values()
        for column, reference in table.refers_to.items()
        for target, key in [reference.split(".")]
        if target in placed
    ]
    style = (
        "text{font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2937}"
        ".title{font-size:22px;font-weight:600}.says{font-size:13px;fill:#475569}.name{font-size:13.5px;font-weight:600;fill:#fff}"
        ".key{font-size:12px;font-weight:600}.column{font-size:12px}.more{font-size:11px;fill:#64748b}.line{fill:none;stroke-width:1.5}"
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="Entities of the marts">'
        f'<style>{style}</style><rect width="{width}" height="{height}" fill="#ffffff"/>'
        '<text x="28" y="42" class="title">The marts and how they join</text>'
        '<text x="28" y="66" class="says">Bold: what makes a row unique. A line runs from a column to the key it names; '
        "the fork says many, the bar one, the ring that the column may be empty.</text>"
    )
    return head + "".join(lines) + "".join(_box(table) for table in placed.values()) + "</svg>\n"


def _box(table: Table) -> str:
    colour = COLOURS.get(table.name, "#475569")
    x, y = table.x, table.y
    parts = [
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{table.height}" rx="7" fill="#ffffff" stroke="{colour}"/>',
        f'<path d="M{x} {y + HEAD - 4} v-{HEAD - 11} q0 -7 7 -7 h{WIDTH - 14} q7 0 7 7 v{HEAD - 11} z" fill="{colour}"/>',
        f'<text x="{x + 11}" y="{y + 18}" class="name">{escape(table.name)}</text>',
    ]
    for column in table.rows:
        level = table.level(column) + 4
        target = table.refers_to.get(column, "").split(".")[0]
        if target:
            parts.append(f'<circle cx="{x + WIDTH - 12}" cy="{level - 4}" r="4" fill="{COLOURS[target]}"/>')
        style = "key" if column in table.key else "column"
        parts.append(f'<text x="{x + 11}" y="{level}" class="{style}">{escape(column)}</text>')
    if table.has_more:
        parts.append(f'<text x="{x + 11}" y="{y + table.height - 9}" class="more">and more</text>')
    return "".join(parts)


def _line(table: Table, column: str, target: Table, key: str) -> str:
    """From the column to the key that it names: a fork or a bar where it leaves, a bar where it arrives."""
    colour = COLOURS[target.name]
    begin, end = table.level(column), target.level(key)
    leaves_right = target.x > table.x
    arrives_left = leaves_right or target.x == table.x
    side, other = (1 if leaves_right else -1), (-1 if arrives_left else 1)
    x, to = table.x + (WIDTH if leaves_right else 0), target.x + (0 if arrives_left else WIDTH)
    bend = max(46, abs(to - x) * 0.45)
    path = f"M{x + side * 16} {begin} C{x + side * (16 + bend)} {begin} {to + other * (12 + bend)} {end} {to + other * 12} {end}"
    one = table.key == (column,)
    foot = f"M{x + side * 9} {begin - 5} v10" if one else f"M{x} {begin - 6} L{x + side * 10} {begin} L{x} {begin + 6}"
    marks = f"{foot} M{x} {begin} h{side * 16} M{to} {end} h{other * 12} M{to + other * 7} {end - 5} v10"
    ring = ""
    if column not in table.key:
        ring = f'<circle cx="{x + side * 14}" cy="{begin}" r="4" fill="#ffffff" stroke="{colour}" stroke-width="1.5"/>'
    return f'<path d="{path}" class="line" stroke="{colour}" opacity="0.55"/><path d="{marks}" class="line" stroke="{colour}"/>{ring}'


if __name__ == "__main__":
    PICTURE.write_text(draw())

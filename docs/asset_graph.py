"""Draw `asset_graph.svg`, the picture on the first screen of the README, from the definitions as they are.

Run by `make docs`. Belongs here: the drawing. Not here: what the floors hold.
"""

from collections import defaultdict
from html import escape
from pathlib import Path

from dagster_project import warehouse
from dagster_project.assets.floors import FLOORS
from dagster_project.definitions import defs

SAYS = {
    "raw": "typed and checked, as delivered",
    "staging": "renamed and cast",
    "intermediate": "joined and decided",
    "features": "what was known then",
    "ml": "fitted, judged, predicted",
    "marts": "what BI tools read",
    "published": "audited, then swapped in",
}
BY_NAME = {"features", "ml", "published"}
WIDTH, GAP, LINE, TOP = 190, 26, 15, 74


def rooms() -> dict[str, dict[str, list[str]]]:
    """Floor -> folder or source -> names of its assets."""
    folders = {
        n["name"]: n["fqn"][2]
        for n in warehouse.manifest()["nodes"].values()
        if n["resource_type"] == "model" and len(n["fqn"]) > 3
    }
    found: dict[str, dict[str, list[str]]] = {floor: defaultdict(list) for floor in FLOORS}
    for key in sorted(defs.resolve_asset_graph().materializable_asset_keys, key=lambda key: key.path):
        floor, name = key.path[0], key.path[-1]
        found[floor][key.path[1] if len(key.path) > 2 else folders.get(name, "")].append(name)
    return found


def lines_of(floor: str, folders: dict[str, list[str]]) -> list[tuple[str, bool]]:
    """The lines of one column, and whether each is a heading."""
    lines: list[tuple[str, bool]] = []
    for folder, names in sorted(folders.items()):
        if floor in BY_NAME:
            lines += [(folder.replace("_", " "), True)] if folder else []
            lines += [(name.removeprefix("features_"), False) for name in names]
        else:
            lines.append((f"{folder.replace('_', ' ')}: {len(names)}", False))
    return lines


def draw() -> str:
    columns = [(floor, lines_of(floor, folders), sum(map(len, folders.values()))) for floor, folders in rooms().items()]
    height = TOP + 30 + LINE * max(len(lines) for _, lines, _ in columns)
    parts = []
    for place, (floor, lines, count) in enumerate(columns):
        x = 10 + place * (WIDTH + GAP)
        parts.append(f'<rect x="{x}" y="10" width="{WIDTH}" height="{height - 20}" rx="8" class="box"/>')
        parts.append(f'<text x="{x + 12}" y="34" class="floor">{floor}</text>')
        parts.append(f'<text x="{x + WIDTH - 12}" y="34" class="count">{count}</text>')
        parts.append(f'<text x="{x + 12}" y="52" class="says">{SAYS[floor]}</text>')
        for row, (text, heading) in enumerate(lines):
            style = "folder" if heading else "name"
            parts.append(f'<text x="{x + 12}" y="{TOP + 6 + row * LINE}" class="{style}">{escape(text)}</text>')
        if place:
            parts.append(f'<path d="M{x - GAP + 3} 30 h{GAP - 9}" class="arrow" marker-end="url(#tip)"/>')
    width = 20 + len(columns) * (WIDTH + GAP) - GAP
    style = (
        "text{font-family:-apple-system,Segoe UI,Helvetica,Arial,sans-serif;fill:#1f2937}.box{fill:#f8fafc;stroke:#94a3b8}"
        ".floor{font-size:16px;font-weight:600}.count{font-size:13px;text-anchor:end;fill:#475569}.says{font-size:11px;fill:#475569}"
        ".folder{font-size:11px;font-weight:600}.name{font-size:11px}.arrow{stroke:#475569;stroke-width:1.5;fill:none}"
    )
    tip = '<marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#475569"/></marker>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="The assets of one night, floor by floor">'
    return f"{head}<style>{style}</style><defs>{tip}</defs>{''.join(parts)}</svg>\n"


if __name__ == "__main__":
    (Path(__file__).parent / "asset_graph.svg").write_text(draw())

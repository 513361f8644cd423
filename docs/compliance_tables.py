"""Write the two tables of `compliance.md`: what each mart shows of who opted out, and the states' rules as shipped.

Run by `make docs`; a test writes them again and compares. Not here: the page's own words, nor the decisions (publish/opted_out.py, reference/state_rules.csv).
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from dagster_project.publish.opted_out import MARTS, WAYS

PAGE = Path(__file__).parent / "compliance.md"
RULES = Path(__file__).parent.parent / "dagster_project" / "ingest" / "reference" / "state_rules.csv"
ORDER = tuple(WAYS)


def _table(names: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(names)
    lines = [names, ["---"] * len(names), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def marts() -> str:
    """Each mart, grouped by the way in which it treats who opted out."""
    rows = sorted(MARTS.items(), key=lambda item: (ORDER.index(item[1].way), item[0]))
    told = []
    for name, shown in rows:
        figures = ", ".join(f"`{column}`" for column in shown.figures)
        told.append([f"`{name}`", shown.audience, WAYS[shown.way] + (f": {figures}" if figures else ""), shown.because])
    return _table(("mart", "for", "who opted out", "why"), told)


def state_rules() -> str:
    """The rules that ship with Fieldscope, with their sources."""
    with RULES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return _table(
        ("state", "rule", "reaches here", "from", "to", "source", "what it says and does here"),
        (
            [
                r["state"],
                r["rule"],
                f"`{r['reach']}`",
                r["effective_from"],
                r["effective_to"],
                r["source"],
                r["meaning"],
            ]
            for r in rows
        ),
    )


def written() -> str:
    """The page with both tables as the project has them now."""
    page = PAGE.read_text()
    for name, table in (("marts", marts()), ("states", state_rules())):
        begin, end = f"<!-- {name}: written by `make docs` -->\n", f"<!-- end of {name} -->\n"
        before, _, rest = page.partition(begin)
        page = before + begin + table + end + rest.partition(end)[2]
    return page


if __name__ == "__main__":
    PAGE.write_text(written())

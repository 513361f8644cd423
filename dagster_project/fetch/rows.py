"""The rows of some states through the data interface of data.cms.gov: page by page, proven against its own count.

The interface gives a bare list and no total, and has been seen to give its first page whatever offset was asked. So each page
must hold what its place says, all rows must differ and be of the states asked for; what fails is an error, and nothing is kept.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.fetch.portal import FetchError, NoRows, Portal
from dagster_project.parquet import named, quoted

PAGE = 5000


def fetch_rows(
    portal: Portal,
    url: str,
    column: str,
    states: tuple[str, ...],
    target: Path,
    config: dict[str, Any],
    told: Callable[[int, int | None], None],
) -> int:
    """Writes every row of the states to `target` as CSV and returns how many. Pages that lie here from before are not asked again."""
    pages = target.with_name(f"{target.name}.pages")
    counts = {state: _count(portal, url, column, state) for state in states}
    total, held, files = sum(counts.values()), 0, []
    if total == 0:
        raise NoRows(url, states)
    pages.mkdir(exist_ok=True)
    try:
        for state, count in counts.items():
            for offset in range(0, count, PAGE):
                file = pages / f"{state}-{offset:09d}.json"
                if not file.exists():
                    query = {f"filter[{column}]": state, "size": PAGE, "offset": offset}
                    _fetch_page(portal, url, query, min(PAGE, count - offset), file)
                if offset and file.read_bytes() == files[-1].read_bytes():
                    raise FetchError(f"{url} gives the same page at offset {offset} as before it")
                files.append(file)
                held += min(PAGE, count - offset)
                told(held, total)
        _join(files, column, states, total, target, config)
    except FetchError:
        shutil.rmtree(pages)
        raise
    shutil.rmtree(pages)
    return total


def _count(portal: Portal, url: str, column: str, state: str) -> int:
    answer = portal.json(f"{url.rstrip('/')}-viewer/stats", {f"filter[{column}]": state})
    try:
        return int(answer["data"]["found_rows"])
    except (KeyError, TypeError, ValueError):
        raise FetchError(f"{url} does not tell how many rows {state} has") from None


def _fetch_page(portal: Portal, url: str, query: dict[str, Any], expected: int, file: Path) -> None:
    rows = portal.json(url, query)
    if not isinstance(rows, list) or len(rows) != expected or not all(isinstance(row, dict) for row in rows):
        found = len(rows) if isinstance(rows, list) else "no list of"
        raise FetchError(f"{url} gives {found} rows at offset {query['offset']} where its count leaves {expected}")
    part = file.with_suffix(".part")
    part.write_text(json.dumps(rows), encoding="utf-8")
    os.replace(part, file)


def _join(
    files: list[Path], column: str, states: tuple[str, ...], total: int, target: Path, config: dict[str, Any]
) -> None:
    """The pages as one CSV in the order of their columns; every row of a state asked for, and none twice."""
    names = list(json.loads(files[0].read_bytes())[0])
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    listed = ", ".join(quoted(file) for file in files)
    rows = f"read_json([{listed}], format = 'array', hive_partitioning = false, columns = {{{types}}})"
    wanted = ", ".join(quoted(state) for state in states)
    with duckdb.connect(config=config) as con:
        try:
            is_theirs = f"upper(trim({named(column)})) in ({wanted})"
            found = f"select count(distinct hash(page)) from {rows} as page where {is_theirs}"
            distinct = con.execute(found).fetchone()[0]
            if distinct != total:
                raise FetchError(
                    f"of {total} rows of {', '.join(states)} only {distinct} differ and are of these states"
                )
            con.execute(f"copy (select * from {rows}) to {quoted(target)} (format csv, header)")
        except duckdb.Error as error:
            raise FetchError(f"its pages do not fit together ({str(error).splitlines()[0]})") from error

"""What a person asks for on the command line, and which of the offered files that is.

Belongs here: years, states and kinds as they are written. Not here: what is offered (one module a publisher).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from dagster_project.fetch.wanted import Wanted


def of_years(files: list[Wanted], kinds: tuple[str, ...], years: set[int] | None) -> tuple[list[Wanted], list[str]]:
    """The files of the years asked for, or of each kind's newest; and in words what of it is not offered."""
    chosen, lacking = [], []
    for kind in kinds:
        offered = [file for file in files if file.dataset == kind]
        dated = {file.year: file for file in offered if file.year is not None}
        chosen += [file for file in offered if file.year is None]
        if not offered:
            lacking.append(f"{kind}: the publisher's catalogue lists no such file; see whether its titles changed")
        if not dated:
            continue
        wanted = {max(dated)} if years is None else years
        chosen += [dated[year] for year in sorted(wanted & set(dated))]
        if missing := sorted(wanted - set(dated)):
            there = ", ".join(str(year) for year in sorted(dated))
            lacking.append(f"{kind}: not published for {', '.join(map(str, missing))}; there are {there}")
    return chosen, lacking


def years_of(text: str | None) -> set[int] | None:
    """`2019-2021,2023` as years; None, where nothing is said, means the newest."""
    if text is None:
        return None
    years: set[int] = set()
    for part in text.replace(" ", "").split(","):
        match = re.fullmatch(r"((?:19|20)\d{2})(?:-((?:19|20)\d{2}))?", part)
        if match is None or int(match[2] or match[1]) < int(match[1]):
            raise typer.BadParameter(f"'{part}' is no year; write --years as 2022, 2019-2022 or 2019,2021")
        years |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
    return years


def states_of(text: str | None) -> tuple[str, ...] | None:
    """`MA,NY` as states; None means every one."""
    if text is None:
        return None
    states = sorted({part.strip().upper() for part in text.split(",")})
    for state in states:
        if not re.fullmatch(r"[A-Z]{2}", state):
            raise typer.BadParameter(f"'{state}' is no state; write --states as two letters each, for example MA,NY")
    return tuple(states)


def kinds_of(text: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """Some of the known kinds, or all."""
    if text is None:
        return known
    kinds = tuple(part.strip().lower() for part in text.split(","))
    for kind in kinds:
        if kind not in known:
            raise typer.BadParameter(f"'{kind}' is not among {', '.join(known)}")
    return kinds

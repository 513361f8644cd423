"""Finds the files of a source and says which layout each is, by the names in its header.

Belongs here: the walk below the source's folder and the match of headers. Does not belong here: reading rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dagster_project.ingest.contract import Contract, Layout, Source
from dagster_project.ingest.decode import FileFault, Opened

ENDINGS = (".csv", ".txt", ".csv.gz", ".txt.gz", ".zip", ".parquet")


@dataclass(frozen=True)
class Match:
    """A file's contract and layout, and for each raw column the positions of the header fields that feed it."""

    contract: Contract
    layout: Layout
    positions: Mapping[str, int]
    warnings: tuple[str, ...] = ()

    @property
    def present(self) -> set[str]:
        """The raw columns that the file delivers something for; the others are stored empty."""
        layout = self.layout
        return {
            column
            for column in layout.headers
            if any(name in self.positions for name in (*_alternatives(layout, column), *_feeding(layout, column)))
        }


class Unrecognised(Exception):
    """No layout of the source has this header; the message names the nearest one and what differs."""


def find_files(source: Source, landing: Path) -> Iterator[tuple[str, Path]]:
    """Every file below the source's folder as (path below the landing zone, path), in the order of the paths."""
    root = source.root or landing
    base = root / source.folder
    documents = tuple(contract.pattern for contract in source.contracts if contract.document)
    for path in sorted(base.rglob("*")):
        name = path.name.lower()
        is_document = any(re.search(pattern, name) for pattern in documents)
        is_hidden = name.startswith(("~", "_")) or any(part.startswith(".") for part in path.relative_to(base).parts)
        if path.is_file() and not is_hidden and (name.endswith(ENDINGS) or is_document):
            yield path.relative_to(root).as_posix(), path


def normal(name: str) -> str:
    """A header name as it is compared: without case, surrounding blanks and inner line breaks."""
    return " ".join(name.split()).lower()


def recognise(source: Source, name: str, file: Opened) -> Match:
    """The layout whose signature the header holds; the file's name decides between several."""
    header = [normal(field) for field in file.header]
    named = _named(source, name)
    candidates = [(contract, layout) for contract in source.contracts for layout in contract.layouts]
    for contract, layout in candidates:
        if layout.is_headerless and _looks_headerless(file, layout):
            return Match(contract, layout, {field: i for i, field in enumerate(layout.signature)})
    fitting = [(c, y) for c, y in candidates if not y.is_headerless and not _missing(y, header)]
    if named:
        fitting = [pair for pair in fitting if pair[0] is named] or ([] if source.names_decide else fitting)
    if fitting:
        known = [len(_known(layout) & set(header)) for _, layout in fitting]
        contract, layout = fitting[known.index(max(known))]
        return _match(contract, layout, header, file)
    nearest_contract, nearest = min(
        (pair for pair in candidates if not pair[1].is_headerless and (not named or pair[0] is named)),
        key=lambda pair: (len(_missing(pair[1], header)) / len(pair[1].signature), -len(_known(pair[1]) & set(header))),
    )
    message = _difference(nearest_contract, nearest, header, file)
    if named and len(_missing(nearest, header)) <= len(nearest.signature) / 2:
        raise FileFault("missing_column", message, 1)
    raise Unrecognised(message)


def _named(source: Source, name: str) -> Contract | None:
    """The contract whose file-name pattern matches the longest part of the name."""
    found = [
        (len(match[0]), contract)
        for contract in source.contracts
        if (match := re.search(contract.pattern, name.lower()))
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _match(contract: Contract, layout: Layout, header: list[str], file: Opened) -> Match:
    doubled = sorted({field for field in header if field and header.count(field) > 1})
    if doubled:
        raise FileFault(
            "duplicate_header", f"the header names {', '.join(doubled)} more than once; keep one of each", 1
        )
    known = _known(layout)
    positions = {field: i for i, field in enumerate(header) if field}
    unknown = [
        file.header[i].strip()
        for field, i in positions.items()
        if field not in known and not re.search(contract.others, field)
    ]
    present = Match(contract, layout, positions).present
    absent = [column for column in layout.headers if column not in present]
    warnings = [f"columns not stored: {_some(unknown)}"] if unknown else []
    if absent and not contract.allows_absent:
        warnings.append(f"columns missing, stored empty: {_some(absent)}")
    if repaired := _repaired(contract, layout, positions, file):
        warnings.append(f"lost leading zeros or floats, repaired where certain: {_some(repaired)}")
    return Match(contract, layout, positions, tuple(warnings))


def _repaired(contract: Contract, layout: Layout, positions: Mapping[str, int], file: Opened) -> list[str]:
    """Columns of codes that, in the first rows, read as if a spreadsheet had taken them for numbers."""
    found = []
    for column in contract.columns:
        if column.kind.lost is None or column.name not in layout.headers:
            continue
        at = next((positions[name] for name in _alternatives(layout, column.name) if name in positions), None)
        if at is not None and any(
            len(row) > at and re.fullmatch(column.kind.lost, row[at].strip()) for row in file.first_rows
        ):
            found.append(column.name)
    return found


def _alternatives(layout: Layout, column: str) -> tuple[str, ...]:
    origin = layout.headers[column]
    return (origin,) if isinstance(origin, str) else origin if isinstance(origin, tuple) else ()


def _missing(layout: Layout, header: list[str]) -> list[str]:
    """Header names of the signature that the file does not have."""
    missing = []
    for column in layout.signature:
        names = _alternatives(layout, column)
        if callable(layout.headers[column]):
            missing += [name for name in _feeding(layout, column) if name not in header]
        elif not any(name in header for name in names):
            missing.append(names[0])
    return missing


def _known(layout: Layout) -> set[str]:
    return {name for column in layout.headers for name in (*_alternatives(layout, column), *_feeding(layout, column))}


def _feeding(layout: Layout, column: str) -> list[str]:
    """The headers from which SQL builds the column; none for a column that is one header."""
    names: list[str] = []
    origin = layout.headers[column]
    if callable(origin):
        origin(lambda name: names.append(name) or "''")
    return names


def _looks_headerless(file: Opened, layout: Layout) -> bool:
    rows = [file.header, *file.first_rows][:2]
    return all(
        len(row) == len(layout.signature) and all(re.fullmatch(r"\s*[12]\d{9}\s*", field) for field in row[:2])
        for row in rows
    )


def _difference(contract: Contract, layout: Layout, header: list[str], file: Opened) -> str:
    missing = _missing(layout, header)
    known = _known(layout)
    unknown = [field for field in header if field and field not in known]
    if len(unknown) == len(header) and not any(re.fullmatch(contract.others, field) for field in header):
        unknown = ["every one"]
    hint = "name the columns as the publisher does"
    below = next(
        (i for i, row in enumerate(file.first_rows) if not _missing(layout, [normal(field) for field in row])), None
    )
    if below is not None:
        hint = f"the header stands in record {below + 2}; remove what is above it"
    elif len(file.header) == 1 and "," in file.header[0]:
        hint = "whole lines are wrapped in quotes; export the file again without them"
    elif len(file.header) == 1 and any(sign in file.header[0] for sign in ";|"):
        hint = "the separator is neither comma nor tab; export the file again with commas"
    return (
        f"nearest layout: {contract.table}, {layout.name}; missing columns: {_some(missing)};"
        f" unknown columns: {_some(unknown)}; {hint}"
    )


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:12]) or "none"
    return shown if len(names) <= 12 else f"{shown} and {len(names) - 12} more"

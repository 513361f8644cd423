"""Carries one wanted file to its place in the landing zone: fetched, unpacked or cut where needed, looked at, renamed at the end.

Belongs here: the order of these steps, and that nothing half is ever in place. Not here: how a step is done.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from dagster_project.fetch import data_cms
from dagster_project.fetch.cut import cut
from dagster_project.fetch.download import Remote, discard, download, readable
from dagster_project.fetch.ledger import Entry, Ledger
from dagster_project.fetch.portal import FetchError, NoRows, Portal
from dagster_project.fetch.rows import fetch_rows
from dagster_project.fetch.unpack import unpack
from dagster_project.fetch.wanted import Wanted
from dagster_project.ingest.decode import sha256_of

Told = Callable[[int, int | None], None]
UNCHANGED = "unchanged"


class Arrival:
    """Brings files into one landing zone. `said` hears what a person should know beside the outcome."""

    def __init__(self, portal: Portal, landing: Path, config: dict[str, Any], said: Callable[[str], None]) -> None:
        self.portal, self.landing, self.said = portal, landing, said
        self.config = config | {"preserve_insertion_order": True}

    def bring(self, file: Wanted, told: Told) -> str:
        """The outcome in words: what came, or that nothing has changed."""
        folder = self.landing / file.folder
        folder.mkdir(parents=True, exist_ok=True)
        ledger = Ledger(folder)
        states = ledger.covered(file)
        if file.states and states is None:
            self.said(f"{file.name}: the whole country of {file.year} is here already, so it stays whole")
        file = replace(file, states=states)
        before = ledger.entries.get(file.name)
        if before is None and (other := ledger.holds_name(file.name)):
            return f"left alone: {other} was put there by hand; move it away to have it fetched"
        is_covered = before is not None and before.states == (list(states) if states else None)
        if before and is_covered and self._says_unchanged(file, before):
            return UNCHANGED
        # Hidden names, also inside of the hidden folder: the border looks at names alone.
        work, scratch = folder / f".part.{file.name}", folder / f".part.{file.name}.scratch"
        scratch.mkdir(exist_ok=True)
        try:
            rows = self._ask_for_rows(file, scratch, told) if file.states and file.rows_url else None
            if rows:
                return self._put(file, ledger, before, rows, file.name, Remote(file.url))
            known = before.remote if before and is_covered and before.url == file.url else None
            remote = download(self.portal, file.url, work, known, data_cms.size_of(self.portal, file), told)
            if remote is None:
                return UNCHANGED
            ready, name = self._unpacked(file, work, scratch)
            if file.states and file.state_columns:
                target = scratch / ".cut.csv"
                cut(ready, target, file.state_columns, file.states, scratch, self.config)
                ready, name = target, name.removesuffix(".gz")
            outcome = self._put(file, ledger, before, ready, name, remote)
            discard(work)
            return outcome
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _says_unchanged(self, file: Wanted, before: Entry) -> bool:
        """By the catalogue's address and day, where asking the server again would cost much or tell nothing.

        A cut would be asked for row by row; a server without marks can only be asked for the size.
        """
        if (before.url, before.modified) != (file.url, file.modified) or file.modified is None:
            return False
        if file.states:
            return True
        has_marks = before.etag or before.last_modified
        return not has_marks and before.size is not None and before.size == self.portal.size(file.url)

    def _ask_for_rows(self, file: Wanted, scratch: Path, told: Told) -> Path | None:
        """The rows of the states through the data interface; None, and why, where it cannot be trusted."""
        target = scratch.with_name(f".part.{file.name}.rows")
        try:
            fetch_rows(
                self.portal, file.rows_url or "", file.state_columns or "", file.states or (), target, self.config, told
            )
        except NoRows:
            raise
        except FetchError as reason:
            self.said(f"{file.name}: {reason}; the whole file is fetched and cut here instead")
            return None
        return target

    def _unpacked(self, file: Wanted, work: Path, scratch: Path) -> tuple[Path, str]:
        if file.member is None:
            return work, file.name
        try:
            ready = unpack(work, file.member, scratch)
        except FetchError:
            discard(work)
            raise
        return ready, ready.name.removeprefix(".")

    def _put(self, file: Wanted, ledger: Ledger, before: Entry | None, ready: Path, name: str, remote: Remote) -> str:
        """Looks at the finished file once more, remembers it and renames it into place."""
        try:
            _look_at(ready, file.url)
        except FetchError:
            discard(ready)
            raise
        place = file.place(name)
        entry = Entry(
            dataset=file.dataset,
            year=file.year,
            name=file.name,
            file=place,
            local_size=ready.stat().st_size,
            sha256=sha256_of(ready),
            url=file.url,
            modified=file.modified,
            etag=remote.etag,
            last_modified=remote.last_modified,
            size=remote.size,
            states=list(file.states) if file.states else None,
            replaces=before.file if before else None,
        )
        target = ledger.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        ledger.write(entry)
        os.replace(ready, target)
        ledger.drop_replaced(entry)
        return f"fetched {readable(entry.local_size)} as {file.folder}/{place}, sha256 {entry.sha256[:16]}…"


def _look_at(path: Path, url: str) -> None:
    """A publisher in trouble answers with a page; under the name of a table it would replace a good file."""
    with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
        start = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start or start.startswith((b"<", b"{", b"[")):
        shown = " ".join(start[:80].decode("utf-8", "replace").split())
        raise FetchError(f"{url} gave no table but {shown!r}; nothing was put in place, run again later")

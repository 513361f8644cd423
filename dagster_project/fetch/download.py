"""One file over one connection: goes on where it broke off, starts anew where it must, and is never taken for whole when it is not.

Belongs here: ranges, validators, lengths. Not here: what becomes of the whole file (`arrival`), retries of one request (`portal`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import requests
from urllib3.exceptions import HTTPError

from dagster_project.fetch.portal import FetchError, Portal, waiting

CHUNK = 1 << 20
SPARE = 64 << 20
CHANGES = 3


@dataclass(frozen=True)
class Remote:
    """What tells one version of a remote file from the next."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    size: int | None = None

    def is_same(self, other: Remote) -> bool:
        """True where the server's own marks say so; without any mark nothing is certain."""
        if self.size is not None and other.size is not None and self.size != other.size:
            return False
        if self.etag and other.etag:
            return self.etag.removeprefix("W/") == other.etag.removeprefix("W/")
        return self.last_modified is not None and self.last_modified == other.last_modified

    @property
    def validator(self) -> str | None:
        """What If-Range takes: a strong ETag or a day; a weak ETag promises no equal bytes."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


def download(
    portal: Portal,
    url: str,
    part: Path,
    known: Remote | None,
    size: int | None,
    told: Callable[[int, int | None], None],
) -> Remote | None:
    """Brings the file to `part`; None when it is still the version `known`. `told` hears bytes held and bytes expected."""
    return _Download(portal, url, part, known, size, told).run()


def room_for(size: int, folder: Path, name: str) -> None:
    """Raises before hours of work where the disk is too small."""
    free = shutil.disk_usage(folder).free
    if size + SPARE > free:
        raise FetchError(
            f"{name} needs {readable(size)} and {folder} has {readable(free)} left; make room or choose another --landing"
        )


def readable(size: int) -> str:
    """Bytes as a person says them."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.2f} GB"


def discard(part: Path) -> None:
    """Forgets what lies here of a file."""
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _note(part: Path) -> Path:
    """Where it is remembered of which version a part is."""
    return part.with_name(part.name + ".json")


class _Download:
    def __init__(self, portal: Portal, url: str, part: Path, known, size, told) -> None:
        self.portal, self.url, self.part, self.known, self.size, self.told = portal, url, part, known, size, told
        self.note = _note(part)
        self.furthest = 0

    def run(self) -> Remote | None:
        breaks, changes = 0, 0
        while True:
            begun = self._begun()
            with self.portal.send("GET", self.url, headers=self._headers(begun)) as response:
                now = _remote(self.url, response)
                if response.status_code == 304 or (
                    self.known and response.status_code == 200 and now.is_same(self.known)
                ):
                    return None
                if begun and response.status_code == 416 and begun.size == self._held():
                    return self._whole(begun)
                if begun and response.status_code != 200 and not self._goes_on(begun, now, response):
                    discard(self.part)
                    changes += 1
                    if changes == CHANGES:
                        raise FetchError(
                            f"{self.url} changes while it is fetched, {CHANGES} times now; try again later"
                        )
                    continue
                if response.status_code == 416:
                    raise FetchError(f"{self.url} answers only in ranges that it then refuses; try again later")
                is_broken = self._take(response, now)
            if not is_broken:
                return self._whole(now)
            breaks = 1 if self._held() > self.furthest else breaks + 1
            self.furthest = max(self.furthest, self._held())
            if breaks > self.portal.settings.retries:
                expected = readable(now.size) if now.size is not None else "an unknown length"
                raise FetchError(
                    f"{self.url} broke off {breaks} times after {readable(self.furthest)} of {expected};"
                    " run again later, what is there is kept and gone on with where the server allows it"
                )
            time.sleep(waiting(breaks))

    def _held(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _begun(self) -> Remote | None:
        """The version of which a part lies here, if more of it can be asked for safely."""
        try:
            begun = Remote(**json.loads(self.note.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return begun if begun.url == self.url and begun.validator and self._held() else None

    def _headers(self, begun: Remote | None) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}
        if begun and begun.validator:
            return headers | {"Range": f"bytes={self._held()}-", "If-Range": begun.validator}
        if self.known and self.known.etag:
            headers["If-None-Match"] = self.known.etag
        if self.known and self.known.last_modified:
            headers["If-Modified-Since"] = self.known.last_modified
        return headers

    def _goes_on(self, begun: Remote, now: Remote, response: requests.Response) -> bool:
        """True where the answer is the very next byte of the very same version."""
        found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
        is_next = response.status_code == 206 and found is not None and int(found[1]) == self._held()
        return is_next and begun.is_same(now)

    def _take(self, response: requests.Response, now: Remote) -> bool:
        """Writes the body; True when it broke off."""
        if response.status_code == 200:
            discard(self.part)
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise FetchError(f"{self.url} comes packed although that was declined; fetch it with a browser")
            if "html" in response.headers.get("Content-Type", "").lower():
                raise FetchError(f"{self.url} answers with a web page instead of the file; run again later")
            self.note.write_text(json.dumps(asdict(now)), encoding="utf-8")
        held, expected = self._held(), now.size if now.size is not None else self.size
        room_for((expected or 0) - held, self.part.parent, self.part.name)
        with open(self.part, "ab") as file:
            try:
                # `read1` hands over what has come; `iter_content` would lose up to a chunk at each break.
                while chunk := response.raw.read1(CHUNK, decode_content=False):
                    file.write(chunk)
                    held += len(chunk)
                    self.told(held, expected)
            except HTTPError:
                return True
            file.flush()
            os.fsync(file.fileno())
        return False

    def _whole(self, now: Remote) -> Remote:
        """The last look at lengths: by the server's answer and by the publisher's list."""
        held = self._held()
        for said, size in (("its server", now.size), ("the publisher's catalogue", self.size)):
            if size is not None and size != held:
                discard(self.part)
                raise FetchError(
                    f"{self.url} came with {held} bytes where {said} says {size}; nothing was put in place, run again later"
                )
        return now


def _remote(url: str, response: requests.Response) -> Remote:
    headers = response.headers
    length = headers.get("Content-Length", "")
    if response.status_code == 206:
        length = headers.get("Content-Range", "").rsplit("/", 1)[-1]
    return Remote(
        url,
        headers.get("ETag"),
        headers.get("Last-Modified"),
        int(length) if length.isdecimal() else None,
    )

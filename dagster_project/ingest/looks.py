"""How a file of the landing zone looks from outside: what tells whether it changed, and whether it stands still.

Belongs here: sizes and times. Does not belong here: what is in a file (`decode`) and what becomes of it (`border`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from dagster_project.ingest.decode import sha256_of

FRESH_SECONDS = 5.0


class Look(NamedTuple):
    """Size and time tell one night from the next; the last two, within a night, also a swap that keeps both."""

    size: int
    mtime_ns: int
    inode: int
    ctime_ns: int


def look_at(path: Path) -> Look | None:
    """None for a file that is gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Look(found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns)


def wait_until_still(looks: Iterable[Look]) -> None:
    """Lets pass what is missing until the newest change lies `FRESH_SECONDS` back; who looks then sees whether it was the last.

    A time in the future, by another machine's clock, tells nothing: it gets the whole wait.
    """
    now = time.time()
    ages = [max(now - look.mtime_ns / 1e9, 0) for look in looks]
    if ages and min(ages) < FRESH_SECONDS:
        time.sleep(FRESH_SECONDS - min(ages))


def hash_as_it_is(path: Path) -> str:
    """What tells one refused delivery from the next; empty where the file may not be read at all."""
    try:
        return sha256_of(path)
    except (PermissionError, FileNotFoundError):
        return ""

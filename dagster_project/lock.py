"""Locks that no killed process can leave behind: a home has one refresh at a time, a landing zone one fetch or pull.

Belongs here: taking, waiting for and reading a lock. Not here: what is done while it is held.
"""

import fcntl
import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

TURN_SECONDS = 2.0


class RefreshRunning(Exception):
    """Another refresh of the same home is running."""


@contextmanager
def refresh_lock(path: Path, as_of: date, waits: bool = False) -> Generator[None]:
    """Hold the home's lock; the system frees it when the process ends, however it ends.

    Where another process holds it: takes its turn if it `waits`, else raises `RefreshRunning`, naming the running refresh.
    """
    with open(path, "a+") as file:
        # Twice: whoever only asks whether a refresh is running holds the lock for an instant.
        while not (_locked(file) or _locked(file, after=0.1)):
            if not waits:
                raise RefreshRunning(
                    f"a refresh is already running in this home: {running_refresh(path)}; wait for it to end"
                )
            time.sleep(TURN_SECONDS)
        file.truncate(0)
        file.write(
            json.dumps(
                {
                    "process": os.getpid(),
                    "as_of": as_of.isoformat(),
                    "since": datetime.now(UTC).isoformat(timespec="seconds"),
                }
            )
        )
        file.flush()
        yield


class Busy(Exception):
    """Another process holds the lock."""


@contextmanager
def held(path: Path) -> Generator[None]:
    """Hold a lock file while the block lasts; the system frees it when the process ends. Raises `Busy` at once, never waits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as file:
        if not _locked(file):
            raise Busy(path)
        yield


def _locked(file: IO[str], after: float = 0.0) -> bool:
    time.sleep(after)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def running_refresh(path: Path) -> str | None:
    """What the running refresh says of itself; None where nobody holds the lock."""
    if not path.exists():
        return None
    with open(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip() or "it is starting"
    return None

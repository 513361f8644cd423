"""One refresh: its `as_of`, its identity, its lock. A Dagster resource, so that every way to start a run behaves the same.

Belongs here: what all assets of a run share. Not here: what they do.
"""

import fcntl
import json
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
from pydantic import PrivateAttr

from dagster_project.company import company_of
from dagster_project.settings import PROJECT, Home, Settings

AS_OF_TAG = "fieldscope/as_of"


class RefreshRunning(Exception):
    """Another refresh of the same home is running."""


@dataclass(frozen=True)
class Identity:
    """Who this refresh is. `refresh_id` and `started_at` are its own times; no mart but `refresh_log` holds them."""

    refresh_id: str
    as_of: date
    started_at: datetime
    code_version: str


class Refresh(dg.ConfigurableResource):
    """What every asset of a run shares: settings, paths, `as_of`; holds the home's lock while the run lasts."""

    _identity: Identity = PrivateAttr()

    @property
    def settings(self) -> Settings:
        return Settings()

    @property
    def home(self) -> Home:
        return self.settings.paths

    @property
    def identity(self) -> Identity:
        return self._identity

    @property
    def as_of(self) -> date:
        return self._identity.as_of

    @property
    def is_past(self) -> bool:
        """True for the replay of an earlier day; tonight's refresh is never one, whatever this home has been run for."""
        return self.as_of < today(self.settings.landing_zone)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Refresh"]:
        self.home.prepare()
        tags = context.run.tags if context.run else {}
        started = datetime.now(UTC).replace(tzinfo=None)
        as_of = (
            date.fromisoformat(tags[AS_OF_TAG])
            if AS_OF_TAG in tags
            else self.settings.as_of or today(self.settings.landing_zone)
        )
        with refresh_lock(self.home.lock, as_of):
            self._identity = Identity(f"{as_of:%Y%m%d}-{started:%Y%m%dT%H%M%S%f}", as_of, started, code_version())
            yield self


def today(landing: Path) -> date:
    """Today in the company's time zone: the only place where a clock gives a refresh its day."""
    return datetime.now(ZoneInfo(company_of(landing)["timezone"])).date()


def code_version() -> str:
    """The product's version, with the commit where it runs from a checkout."""
    commit = subprocess.run(
        ["git", "-C", PROJECT, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False
    )
    return version("fieldscope") + (f"+{commit.stdout.strip()}" if commit.returncode == 0 else "")


@contextmanager
def refresh_lock(path: Path, as_of: date) -> Generator[None]:
    """Hold the home's lock; the system frees it when the process ends, however it ends.

    Raises `RefreshRunning`, naming the running refresh, where another process holds it.
    """
    with open(path, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise RefreshRunning(
                f"a refresh is already running in this home: {file.read().strip()}; wait for it to end"
            ) from None
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

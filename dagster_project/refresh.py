"""One refresh: its `as_of`, its identity, its lock, what it may build on. A Dagster resource, so that every way to start a run behaves the same.

Belongs here: what all assets of a run share. Not here: what they do.
"""

import gc
import subprocess
from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from dagster_project import warehouse
from dagster_project.built import Built, last_built, remember_built
from dagster_project.due import is_of_its_time, zone_of
from dagster_project.ingest.catalog import Catalog
from dagster_project.ingest.contents import SOURCES
from dagster_project.lock import RefreshRunning, refresh_lock
from dagster_project.settings import PROJECT, Home, Settings
from dagster_project.watch import look

__all__ = [
    "AS_OF_TAG",
    "CannotBuildOn",
    "Identity",
    "Refresh",
    "RefreshRunning",
    "code_version",
    "refresh_lock",
    "search_cycles_seldom",
    "today",
]

AS_OF_TAG = "fieldscope/as_of"
# Runs that nobody waits for: they take their turn where another refresh holds the lock.
UNATTENDED_TAGS = ("dagster/schedule_name", "dagster/sensor_name")
PUBLICATION = dg.AssetKey(["published", "current"])


class CannotBuildOn(Exception):
    """What the last refresh left is not what this run was asked to build on."""


def search_cycles_seldom() -> None:
    """Definitions and manifests live as long as a run: searched for cycles at Python's own pace, they cost seconds of a night."""
    gc.set_threshold(100_000, 50, 100)


@dataclass(frozen=True)
class Identity:
    """Who this refresh is. `refresh_id` and `started_at` are its own times; no mart but `refresh_log` holds them."""

    refresh_id: str
    as_of: date
    started_at: datetime
    code_version: str
    refreshed_sources: tuple[str, ...] = ()


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
        search_cycles_seldom()
        self.home.prepare()
        tags = context.run.tags if context.run else {}
        started = datetime.now(UTC).replace(tzinfo=None)
        as_of = (
            date.fromisoformat(tags[AS_OF_TAG])
            if AS_OF_TAG in tags
            else self.settings.as_of or today(self.settings.landing_zone)
        )
        unattended = any(tag in tags for tag in UNATTENDED_TAGS)
        with refresh_lock(self.home.lock, as_of, waits=unattended):
            sources = sources_of(context.run.asset_selection if context.run else None)
            name, code = f"{as_of:%Y%m%d}-{started:%Y%m%dT%H%M%S%f}", code_version()
            self._identity = Identity(name, as_of, started, code, sources)
            publishes = context.run is None or PUBLICATION in (context.run.asset_selection or {PUBLICATION})
            self._begin(last_built(self.home), full_code(code), unattended, publishes)
            yield self

    def _begin(self, before: Built | None, code: str, unattended: bool, publishes: bool) -> None:
        """Write down that the warehouse is being rebuilt; raises `CannotBuildOn` where that would mix or turn back days."""
        now, landing = self._identity, self.settings.landing_zone
        if unattended and before and before.published and before.is_of_its_time and before.as_of > now.as_of:
            raise CannotBuildOn(
                f"{before.as_of} is published already; this run for {now.as_of} came too late: nothing to do"
            )
        is_part = set(now.refreshed_sources) != {source.name for source in SOURCES}
        if is_part and publishes and not (before and before.carries(now.as_of, code)):
            raise CannotBuildOn(
                f"only {', '.join(now.refreshed_sources) or 'no source'} was to be refreshed, but the rest was not published for"
                f" {now.as_of} by this code; run everything: `fieldscope run`, or the job `nightly`"
            )
        read = {name for name in now.refreshed_sources if not self._is_replayed(name)}
        looks = {name: seen for name, seen in look(landing).items() if name in read}
        looks = {**(before.looks if before else {}), **looks}
        started = now.started_at.replace(tzinfo=UTC)
        of_its_time = is_of_its_time(now.as_of, started, zone_of(landing))
        remember_built(self.home, Built(now.refresh_id, now.as_of, started, code, looks, of_its_time))

    def _is_replayed(self, source: str) -> bool:
        """True where a later night was recorded: the replay goes by what was in use then and reads no new file."""
        newest = Catalog.of(self.home.lake, source).as_of
        return self.is_past and newest is not None and self.as_of.isoformat() < newest


def sources_of(selection: Collection[dg.AssetKey] | None) -> tuple[str, ...]:
    """The sources that a run reads, by name: all of them where it is not told which assets to build."""
    if not selection:
        return tuple(source.name for source in SOURCES)
    read = {key.path[1] for key in selection if key.path[0] == "raw"}
    return tuple(source.name for source in SOURCES if source.name in read)


def full_code(code: str) -> str:
    """Which code builds a warehouse: the product's version and the state of its SQL."""
    return f"{code} {warehouse.prepared().fingerprint}"


def today(landing: Path) -> date:
    """Today in the company's time zone: the only place where a clock gives a refresh its day."""
    return datetime.now(zone_of(landing)).date()


def code_version() -> str:
    """The product's version, with the commit where it runs from a checkout."""
    commit = subprocess.run(
        ["git", "-C", PROJECT, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False
    )
    return version("fieldscope") + (f"+{commit.stdout.strip()}" if commit.returncode == 0 else "")

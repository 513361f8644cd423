"""Whole nights on small worlds, each home refreshed through the command line, in this process.

The world and its first night are made once for all workers of pytest: each works on a home of its own that is a copy of that night's.
"""

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import sample_world
from typer.testing import CliRunner

from dagster_project.cli import app
from tests.end_to_end.recounted import interactions, newest_claim_lines, read

# What a night says of itself and of its files: these differ between two landing zones by their nature.
SECRET = "canary-of-a-secret-3f9d"
SECRETS = dict.fromkeys(
    ("FIELDSCOPE_SALESFORCE_ACCESS_TOKEN", "FIELDSCOPE_HUBSPOT_TOKEN", "FIELDSCOPE_PASSWORD"), SECRET
)
OF_THE_NIGHT = {"refresh_log", "source_versions", "quarantined_rows", "data_quality"}


@dataclass(frozen=True)
class World:
    landing: Path
    as_of: date
    truth: Path


@dataclass(frozen=True)
class Night:
    """One finished `fieldscope run`."""

    code: int
    text: str
    home: Path

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(
            str(self.home / "published" / "current" / "fieldscope.duckdb"), read_only=True
        ) as connection:
            return connection.execute(sql).fetchall()


def made_once(tmp_path_factory, name: str, make: Callable[[Path], object]):
    """What `make` made in a folder: the worker that asks first makes it, the others wait."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder, told = root / name, root / f"{name}.pickle"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            folder.mkdir()
            made = make(folder)
            told.write_bytes(pickle.dumps(made))
    return pickle.loads(told.read_bytes())


def copy_home(home: Path, target: Path) -> None:
    """A home as it stands: what lies in two places of it as one file does so in the copy."""
    places: dict[int, str] = {}

    def copying(source: str, place: str) -> None:
        inode = os.stat(source).st_ino
        if inode in places:
            os.link(places[inode], place)
        else:
            shutil.copy2(source, place)
            places[inode] = place

    shutil.copytree(home, target, symlinks=True, copy_function=copying)


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    def write(folder: Path) -> World:
        report = sample_world.write(folder / "landing", "small", seed=11, providers=400)
        return World(folder / "landing", report.as_of, folder / "truth")

    return made_once(tmp_path_factory, "world", write)


@pytest.fixture(scope="session")
def fieldscope() -> Callable[..., Night]:
    """Run `fieldscope run`; the environment is as it was afterwards."""

    def run(landing: Path, home: Path, as_of: date | None) -> Night:
        before = dict(os.environ)
        os.environ.update(SECRETS)
        arguments = ["run", "--landing", str(landing), "--home", str(home)]
        try:
            result = CliRunner().invoke(
                app, arguments + (["--as-of", as_of.isoformat()] if as_of else []), catch_exceptions=False
            )
        finally:
            os.environ.clear()
            os.environ.update(before)
        return Night(result.exit_code, result.output, home)

    return run


@pytest.fixture(scope="session")
def first_night(world, fieldscope, tmp_path_factory) -> Night:
    night = made_once(
        tmp_path_factory, "first_night", lambda folder: fieldscope(world.landing, folder / "home", world.as_of)
    )
    home = tmp_path_factory.mktemp("first") / "home"
    copy_home(night.home, home)
    return replace(night, home=home)


@pytest.fixture(scope="session")
def opted_out(world) -> set[str]:
    """Physicians whose claims nobody in the field may know (PDRP), by the company's own list on the day."""
    rows = read(world.landing / "company" / "restrictions.csv")
    day = world.as_of.isoformat()
    holds = (
        (rows.list == "PDRP") & (rows.effective_from <= day) & ((rows.effective_to == "") | (rows.effective_to >= day))
    )
    return set(rows.npi[holds])


@pytest.fixture(scope="session")
def claim_lines(world, opted_out) -> pd.DataFrame:
    """The newest version of every line of those whose claims may be shown."""
    lines = newest_claim_lines(world.landing / "claims")
    return lines[~lines.rendering_npi.isin(opted_out)]


@pytest.fixture(scope="session")
def crm(world) -> Path:
    return world.landing / "crm" / "salesforce"


@pytest.fixture(scope="session")
def activities(crm, world) -> pd.DataFrame:
    return interactions(crm, world.as_of)


def differing_marts(one: Path, other: Path) -> dict[str, int]:
    """Marts whose rows differ between two releases, with the number of rows found on one side only."""
    differing = {}
    with duckdb.connect() as connection:
        for path in sorted((one / "parquet").glob("*.parquet")):
            if path.stem in OF_THE_NIGHT:
                continue
            left, right = (f"read_parquet('{folder / 'parquet' / path.name}')" for folder in (one, other))
            count = connection.execute(
                f"select (select count(*) from (from {left} except all from {right})) + (select count(*) from (from {right} except all from {left}))"
            ).fetchone()[0]
            if count:
                differing[path.stem] = count
    return differing

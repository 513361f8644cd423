"""Whole nights on small worlds: a world is written once, each home is refreshed through the command line, in this process."""

import os
from collections.abc import Callable
from dataclasses import dataclass
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


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("world")
    report = sample_world.write(folder / "landing", "small", seed=11, providers=400)
    return World(folder / "landing", report.as_of, folder / "truth")


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
    return fieldscope(world.landing, tmp_path_factory.mktemp("home"), world.as_of)


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

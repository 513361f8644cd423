"""The one settings object: where things lie and how much of the machine may be used.

Belongs here: paths, memory, threads, the clock of a replay; each from the environment (prefix `FIELDSCOPE_`) or its default.
Does not belong here: anything a company would want to change about its market; that is `landing/company/`.
"""

import os
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Typed settings that run with nothing set."""

    model_config = SettingsConfigDict(env_prefix="FIELDSCOPE_", extra="ignore")

    home: Path = Field(
        PROJECT / "data",
        description="Folder that holds everything written: lake, warehouse, published, Dagster storage.",
    )
    landing: Path | None = Field(None, description="Landing zone; default `<home>/landing`.")
    as_of: date | None = Field(
        None, description="The day that the refresh speaks of; default: today in the company's time zone."
    )
    memory_limit: str = Field("2GB", description="What DuckDB may hold in memory before it spills to disk.")
    threads: int = Field(os.cpu_count() or 1, ge=1, description="Threads of DuckDB and dbt.")
    keep_releases: int = Field(5, ge=3, description="Published refreshes kept for readers that still hold an old one.")

    @property
    def landing_zone(self) -> Path:
        return (self.landing or self.home / "landing").expanduser().resolve()

    @property
    def paths(self) -> "Home":
        return Home(self.home.expanduser().resolve())

    def duckdb_config(self) -> dict[str, Any]:
        """Configuration of every DuckDB connection that Fieldscope opens itself."""
        return {
            "memory_limit": self.memory_limit,
            "threads": self.threads,
            "temp_directory": str(self.paths.spill),
            "preserve_insertion_order": False,
        }


class Home:
    """The folders of one home, named once."""

    def __init__(self, root: Path):
        self.root = root
        self.lake = root / "lake"
        self.raw = self.lake / "raw"
        self.features = self.lake / "features"
        self.ml = self.lake / "ml"
        self.history = self.lake / "history"
        self.warehouse = root / "warehouse" / "warehouse.duckdb"
        self.built_from = root / "warehouse" / "built_from.json"
        self.dbt_target = root / "warehouse" / "dbt"
        self.spill = root / "warehouse" / "spill"
        self.published = root / "published"
        self.current = self.published / "current"
        self.releases = self.published / "releases"
        self.data_docs = root / "docs" / "contracts"
        self.dagster = root / "dagster"
        self.lock = root / "refresh.lock"
        self.patient_key = root / "patient.key"

    def prepare(self) -> None:
        """Make every folder; raise `PermissionError` before hours of work where the home cannot be written."""
        for folder in (
            self.raw,
            self.features,
            self.ml,
            self.history,
            self.dbt_target,
            self.spill,
            self.releases,
            self.dagster,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.root, self.published, self.releases):
            if not os.access(folder, os.W_OK):
                raise PermissionError(
                    f"{folder} cannot be written: give this user write access, or choose another --home"
                )

    def patient_secret(self) -> bytes:
        """The key with which patient ids are hashed on entry; made once, never leaves the home, readable by its owner alone."""
        if not self.patient_key.exists():
            descriptor = os.open(self.patient_key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(os.urandom(32))
        return self.patient_key.read_bytes()

"""The product's side of `make bench-marts`: core and marts of one night, built by dbt as a night builds them.

usage: python -m tests.bench.product_marts HOME AS_OF [--race] [--profile]

Between the two stand frames of the size that the models would hand over; they are made by the bench and not measured. With
--race only what the rival builds too is built, with all that it rests on; what linkage costs of it is told apart. With --profile
dbt takes one model after the other and the CPU seconds of each are printed.
"""

import contextlib
import json
import os
import pkgutil
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from threading import Event, Thread

import duckdb
import pandas as pd

import models_ml
from dagster_project import history, warehouse
from dagster_project.assets import core, marts
from dagster_project.parquet import write_frame, write_query
from dagster_project.refresh import Identity, search_cycles_seldom
from dagster_project.settings import Settings

# What the rival publishes too, by the names of our models, and between its two parts what the rival does not ask: which contact of
# the CRM is which provider, because nothing of whoever opted out is published.
_PARENTS = (
    "+int_patients_publishable +int_public_patients_publishable +int_provider_family_months +provider_payments"
    " +int_provider_volume_summary +int_volume_by_snapshot +int_provider_payment_totals +int_payments_by_snapshot"
)
_VOLUME_AND_PAYMENTS = _PARENTS.split()
_RACE = {
    "core": ["--select", *_VOLUME_AND_PAYMENTS],
    "linkage": ["--select", "+int_providers_opted_out", "--exclude", *_VOLUME_AND_PAYMENTS],
    "marts": ["--select", "provider_procedures", "provider_diagnoses"],
}
SQL_TYPES = {"text": "varchar", "json": "varchar", "num": "double", "bool": "boolean"}
# What the marts join to by provider: as many rows as the models would write, with values that follow from the keys.
STAND_INS = {
    "volume/provider_trends": """
        select npi, (hash(npi) % 200) / 1000.0 - 0.1 as volume_trend, 'steady' as volume_direction
        from intermediate.int_provider_volume_summary where annual_volume is not null""",
    "volume/trends": """
        select npi, procedure_family, 0.05 as growth, -0.1 as lower, 0.2 as upper, 'steady' as direction
        from intermediate.int_provider_family_volume""",
    "targeting/scores": """
        select npi, procedure_family, (1 + hash(npi, procedure_family) % 9999) / 20000.0 as adoption_probability,
            '[{"reason": "volume", "effect": 0.1}]' as reasons, false as is_baseline, 'bench' as model_version
        from features.features_provider_months
        where is_current and procedure_family in ('hip_replacement', 'knee_replacement')""",
}


def write_stand_ins(settings: Settings) -> None:
    """Empty frames for every output of every model, and rows for those that marts join to by provider."""
    with duckdb.connect(str(settings.paths.warehouse), read_only=True, config=settings.duckdb_config()) as con:
        for package in pkgutil.iter_modules(models_ml.__path__):
            for table, types in getattr(import_module(f"models_ml.{package.name}"), "OUTPUTS", {}).items():
                place = settings.paths.ml / package.name / f"{table}.parquet"
                if query := STAND_INS.get(f"{package.name}/{table}"):
                    columns = ", ".join(f"cast({name} as {SQL_TYPES[kind]}) as {name}" for name, kind in types.items())
                    write_query(con, f"select {columns} from ({query})", place)
                else:
                    write_frame(pd.DataFrame(columns=list(types)), types, place)


class Profile:
    """CPU seconds of each model, told by dbt's own messages where it takes one model after the other."""

    def __init__(self) -> None:
        self.before, self.seconds, self.peaks = 0.0, {}, {}

    def heard(self, message) -> None:
        name = message.info.name
        if name == "NodeStart":
            self.before = time.process_time()
        elif name == "NodeFinished":
            model = message.data.node_info.node_name
            self.seconds[model] = round(time.process_time() - self.before, 2)
            self.peaks[model] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Spill(Thread):
    """The most that lay in the folder to which DuckDB spills, looked at twice a second: its files go as soon as they are read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.most, self.ended = folder, 0, Event()

    def run(self) -> None:
        while not self.ended.wait(0.5):
            self.most = max(self.most, sum(self._sizes()))

    def _sizes(self) -> Iterator[int]:
        for path in self.folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                yield path.stat().st_size


def main(home: str, as_of: str, *options: str) -> None:
    search_cycles_seldom()
    profile = Profile() if "--profile" in options else None
    settings = Settings(home=Path(home).resolve(), threads=1) if profile else Settings(home=Path(home).resolve())
    day = date.fromisoformat(as_of)
    settings.paths.prepare()
    history.write_earlier(settings.paths, day)
    identity = Identity(f"{day:%Y%m%d}-1", day, datetime(day.year, day.month, day.day), "bench")
    history.write_refreshes(settings.paths, identity)
    warehouse.prepared()
    spill = Spill(settings.paths.spill)
    spill.start()
    told = {"start_s": round(time.process_time(), 2)}
    floors = {"core": ["--select", *core.SELECTED.split()], "marts": ["--select", *marts.SELECTED.split()]}
    is_race = "--race" in options
    floors = _RACE if is_race else floors
    for floor, selected in floors.items():
        before, wall = time.process_time(), time.perf_counter()
        arguments = ["run", *selected, warehouse.NO_FILES, "--vars", json.dumps({"as_of": as_of})]
        result = warehouse.invoke(settings, arguments, profile.heard if profile else None)
        if not result.success:
            sys.exit(
                f"{result.exception}\n"
                + "\n".join(f"{r.node.name}: {r.message}" for r in result.result or [] if r.status != "success")
            )
        told[f"{floor}_s"] = round(time.process_time() - before, 2)
        told[f"{floor}_wall_s"] = round(time.perf_counter() - wall, 2)
        if floor == "core" and not is_race:
            write_stand_ins(settings)
    told["cpu_s"] = round(sum(told[f"{floor}_s"] for floor in floors), 2)
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    spill.ended.set()
    told["spilled_mb"] = spill.most >> 20
    told["warehouse_mb"] = os.path.getsize(settings.paths.warehouse) >> 20
    if profile:
        for model, seconds in sorted(profile.seconds.items(), key=lambda found: -found[1]):
            print(f"{seconds:9.2f} {profile.peaks[model]:7d} MB  {model}")
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""dbt on the open Spark session: parsed for Spark, then run floor by floor in this process.

Belongs here: how dbt is called. Not here: the session, or what is compared afterwards.
"""

import json
import os
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

DBT_PROJECT = Path(__file__).resolve().parent.parent


class SparkBuildError(Exception):
    """dbt could not build on Spark; the message names the models."""


def _arguments(folder: Path, as_of: str) -> list[str]:
    return [
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target", "spark"),
        *("--target-path", str(folder / "target"), "--log-path", str(folder / "target")),
        *("--vars", json.dumps({"as_of": as_of}), "--no-version-check", "--quiet"),
    ]


def parse(folder: Path, as_of: str) -> Manifest:
    """The project as it stands for Spark."""
    os.environ.update({"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "0"})
    parsed = dbtRunner().invoke(["parse", *_arguments(folder, as_of)])
    if not parsed.success:
        raise SparkBuildError(f"dbt cannot parse the project for Spark: {parsed.exception}")
    return parsed.result


def run(folder: Path, as_of: str, manifest: Manifest, select: str | None = None) -> dict[str, str]:
    """Build the models; returns the reason of each that failed, or was left out because one below it failed."""
    chosen = ["--select", *select.split()] if select else []
    built = dbtRunner(manifest=manifest).invoke(["run", *chosen, *_arguments(folder, as_of)])
    if built.result is None:
        raise SparkBuildError(f"dbt could not run: {built.exception}")
    return {r.node.name: r.message or str(r.status) for r in built.result.results if str(r.status) != "success"}

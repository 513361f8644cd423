"""dbt on the open Spark session: parsed for Spark, then run floor by floor in this process.

Belongs here: how dbt is called, and how far it is. Not here: the session, or what is compared afterwards.
"""

import json
import os
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

DBT_PROJECT = Path(__file__).resolve().parent.parent


class SparkBuildError(Exception):
    """dbt could not build on Spark; the message says why."""


class Progress:
    """How many models are done: told on the spot at a terminal, now and then elsewhere."""

    def __init__(self, models: int) -> None:
        self.models, self.done = models, 0

    def heard(self, message) -> None:
        if message.info.name != "NodeFinished":
            return
        self.done += 1
        if sys.stderr.isatty():
            print(f"\r{self.done} of {self.models} models", end="", file=sys.stderr, flush=True)
        elif self.done % 50 == 0:
            print(f"{self.done} of {self.models} models", file=sys.stderr, flush=True)


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


def run(folder: Path, as_of: str, manifest: Manifest, threads: int, select: str | None = None) -> dict[str, str]:
    """Build the models, `threads` at once; returns `floor.model` of each, with the reason where it failed or was left out."""
    chosen = ["--select", *select.split()] if select else []
    models = sum(node.resource_type == "model" for node in manifest.nodes.values())
    progress = Progress(models)
    arguments = ["run", *chosen, "--threads", str(threads), *_arguments(folder, as_of)]
    built = dbtRunner(manifest=manifest, callbacks=[progress.heard]).invoke(arguments)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if built.result is None:
        raise SparkBuildError(f"dbt could not run: {built.exception}")
    if not built.result.results:
        raise SparkBuildError(f"no model is chosen by --select {select!r}; say it as dbt does, e.g. +provider_payments")
    return {
        f"{r.node.schema}.{r.node.name}": "" if str(r.status) == "success" else r.message or str(r.status)
        for r in built.result.results
    }

"""dbt, called in this process: the manifest built once, each invocation's messages turned into Dagster events.

dagster-dbt starts dbt as a subprocess, which imports it anew each time (about 7 CPU seconds); calling `dbtRunner` here costs
that once a night. Belongs here: how dbt is run. Not here: what it builds (dbt/) and where that stands in the graph (assets/).
"""

import gc
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import dagster as dg
from dagster_dbt import DagsterDbtTranslator
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from dagster_project.settings import PROJECT, Home, Settings

DBT_PROJECT = PROJECT / "dbt"
PREPARED = DBT_PROJECT / "target" / "prepared"
STABLE_ENVIRONMENT = {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "0"}
KEPT_MANIFESTS = 3
# dbt writes the whole manifest at the start of each command, which costs more than a second and which nobody reads.
NO_FILES = "--no-write-json"
# Nor does anybody read fifteen thousand lines of a log: what failed is told by the results.
NO_LOG = ("--log-level", "none", "--log-level-file", "none")
_DONE = object()


class DbtFailure(Exception):
    """dbt could not build or a test of severity error failed; the message names what and where to look."""


def project_fingerprint() -> str:
    """Hash of every file that dbt parses."""
    digest = hashlib.sha256()
    for path in sorted(p for p in DBT_PROJECT.rglob("*") if p.is_file() and p.suffix in {".sql", ".yml", ".csv"}):
        if "target" in path.relative_to(DBT_PROJECT).parts or "logs" in path.relative_to(DBT_PROJECT).parts:
            continue
        digest.update(str(path.relative_to(DBT_PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Prepared:
    """The parsed project: as dagster-dbt reads it, as dbt takes it back, and as MetricFlow reads its metrics."""

    fingerprint: str
    manifest: dict
    saved: bytes
    semantics: bytes


@cache
def prepared() -> Prepared:
    """The project as it stands, parsed only when one of its files has changed.

    Looked at once a process: a night is built from the project as it stood when the night began.
    """
    folder = PREPARED / project_fingerprint()
    if not folder.exists():
        _parse_into(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    saved, semantics = ((folder / name).read_bytes() for name in ("manifest.msgpack", "semantic_manifest.json"))
    return Prepared(folder.name, manifest, saved, semantics)


def _parse_into(folder: Path) -> None:
    finished = [path for path in PREPARED.glob("*") if (path / "manifest.json").exists()]
    for old in sorted(finished, key=lambda path: path.stat().st_mtime)[:-KEPT_MANIFESTS]:
        shutil.rmtree(old, ignore_errors=True)
    PREPARED.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PREPARED) as work:
        _set_environment({"FIELDSCOPE_WAREHOUSE": str(Path(work) / "warehouse.duckdb")})
        result = _runner().invoke(["parse", *_folders(Path(work) / "target"), "--no-partial-parse", "--quiet"])
        if not result.success:
            raise DbtFailure(f"dbt cannot parse {DBT_PROJECT}: {result.exception}")
        built = Path(work) / "built"
        built.mkdir()
        kept = {"partial_parse.msgpack": "manifest.msgpack", "dbt.log": "parse.log"}
        for name in ("manifest.json", "semantic_manifest.json", *kept):
            shutil.move(Path(work) / "target" / name, built / kept.get(name, name))
        if not folder.exists():
            os.replace(built, folder)


def manifest() -> dict:
    """The manifest as dagster-dbt reads it."""
    return prepared().manifest


def compiled(work: Path) -> dict:
    """The manifest with each model's SQL as dbt sends it, made in `work` over an empty warehouse."""
    runner = _runner(saved=True)
    work.mkdir()
    _set_environment({"FIELDSCOPE_WAREHOUSE": str(work / "warehouse.duckdb")})
    models = [
        "--select",
        "resource_type:model",
        "--indirect-selection",
        "empty",
        "--vars",
        json.dumps({"as_of": "2000-01-01"}),
    ]
    try:
        result = runner.invoke(["compile", *models, *_folders(work), "--no-version-check", *NO_LOG])
    finally:
        _release_warehouse()
    if not result.success:
        raise DbtFailure(f"dbt cannot compile {DBT_PROJECT}: {result.exception}")
    return json.loads((work / "manifest.json").read_text())


def build(
    context: dg.AssetExecutionContext,
    settings: Settings,
    translator: DagsterDbtTranslator,
    loaded: Mapping,
    select: str,
    variables: Mapping[str, str],
) -> Iterator:
    """Run `dbt build` for `select`, or for the part of it that the run asks for, and yield Dagster's events as the models and tests finish.

    Raises `DbtFailure` naming the failed models and tests; the warehouse file is free again in any case.
    """
    messages: SimpleQueue = SimpleQueue()
    outcome: dict = {}
    home = settings.paths
    without_unit_tests = ["--exclude-resource-type", "unit_test", "--indirect-selection", "buildable"]
    arguments = [
        "build",
        "--select",
        _wanted(context, select),
        *without_unit_tests,
        NO_FILES,
        "--vars",
        json.dumps(dict(variables)),
    ]

    def hear(message) -> None:
        # A night says fifteen thousand things; those that dagster-dbt makes events of are called results.
        if message.info.name.endswith("Result"):
            messages.put(message)

    def work() -> None:
        try:
            outcome["result"] = invoke(settings, arguments, hear)
        except Exception as error:
            outcome["error"] = error
        finally:
            messages.put(_DONE)

    thread = Thread(target=work, name="dbt", daemon=True)
    thread.start()
    while (message := messages.get()) is not _DONE:
        event = DbtCoreCliEventMessage(raw_event=_as_dict(message), event_history_metadata={})
        yield from event.to_default_asset_events(loaded, translator, context=context, target_path=home.dbt_target)
    thread.join()
    if "error" in outcome:
        raise DbtFailure(f"dbt could not run: {outcome['error']}") from outcome["error"]
    if not outcome["result"].success:
        raise DbtFailure(_explain(outcome["result"], home.dbt_target))


def _wanted(context: dg.AssetExecutionContext, select: str) -> str:
    """The models of the floor by name where a run asks for some of them; the whole floor's selection otherwise."""
    if not context.is_subset:
        return select
    return " ".join(sorted(key.path[-1] for key in context.selected_asset_keys))


def invoke(settings: Settings, arguments: Sequence[str], heard: Callable | None = None):
    """Run one dbt command on the warehouse of a home, which is free again in any case; returns dbt's own result.

    `heard` gets each of dbt's messages as it is said.
    """
    home = settings.paths
    runner = _runner(heard, saved=True)  # may parse the project, in an environment of its own
    # Some hundred thousand objects that stay to the end need not be looked through again and again for what can go.
    gc.freeze()
    _set_environment(_environment(settings, home))
    common = ["--threads", str(settings.threads), "--no-version-check", *NO_LOG, *_folders(home.dbt_target)]
    try:
        return runner.invoke([*arguments, *common])
    finally:
        gc.unfreeze()
        _release_warehouse()


def _runner(callback=None, saved: bool = False):
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    loaded = Manifest.from_msgpack(prepared().saved) if saved else None
    if loaded:
        loaded.build_flat_graph()
    return dbtRunner(manifest=loaded, callbacks=[callback] if callback else [])


def _folders(target: Path) -> list[str]:
    return [
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(target),
        "--log-path",
        str(target),
    ]


def _environment(settings: Settings, home: Home) -> dict[str, str]:
    return {
        "FIELDSCOPE_WAREHOUSE": str(home.warehouse),
        "FIELDSCOPE_LAKE": str(home.lake),
        "FIELDSCOPE_TEMP": str(home.spill),
        "FIELDSCOPE_MEMORY_LIMIT": settings.memory_limit,
        "FIELDSCOPE_THREADS": str(settings.threads),
    }


def _set_environment(values: Mapping[str, str]) -> None:
    os.environ.update({**STABLE_ENVIRONMENT, **values})


def _release_warehouse() -> None:
    """Close dbt's connections: an open writer shuts out every other connection, of this process too."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters

    DuckDBConnectionManager.close_all_connections()
    reset_adapters()


def _as_dict(message) -> dict:
    from dbt_common.events.functions import msg_to_dict

    return msg_to_dict(message)


def _explain(result, target: Path) -> str:
    if result.exception or not result.result:
        return f"dbt could not run: {result.exception}"
    failed = [r for r in result.result.results if str(r.status) in {"error", "fail", "runtime error"}]
    lines = [f"{r.node.resource_type} {r.node.name}: {(r.message or '').strip()}" for r in failed[:10]]
    return f"dbt: {len(failed)} failed\n" + "\n".join(lines) + f"\ncompiled SQL lies in {target}"

"""One refresh from the command line: the same job that the schedule runs, recorded in Dagster's storage, shown as it goes.

Belongs here: the instance, the run, the progress display, the outcome. Not here: what the job does (`definitions`).
"""

import os
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dagster_project.refresh import AS_OF_TAG
from dagster_project.settings import Home

REPOSITORY_TAG = {".dagster/repository": "__repository__@fieldscope"}
# The display shows how a run goes; its event log, with every message, is in Dagster's storage.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
STORAGE = """\
# Dagster's storage of this home. SQLite files lie beside this file.
telemetry:
  enabled: false
nux:
  enabled: false
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      failure: 30
      success: 90
event_log_storage:
  module: dagster_project.event_log
  class: OpenEventLog
  config:
    home:
      env: DAGSTER_HOME
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 300
"""


@dataclass
class Outcome:
    """How the run ended: `failures` holds (step, reason), the first one first."""

    run_id: str
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        return not self.failures


def prepare_storage(home: Home) -> str:
    """Dagster's storage of this home, ready for a run or for the web page; returns what `DAGSTER_HOME` must be."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    config = home.dagster / "dagster.yaml"
    if not config.exists():
        config.write_text(STORAGE)
    return str(home.dagster)


def dagster_instance(home: Home) -> dg.DagsterInstance:
    """The instance that records runs of this home."""
    os.environ["DAGSTER_HOME"] = prepare_storage(home)
    return dg.DagsterInstance.get()


def run_nightly(home: Home, as_of: date | None, console: Console) -> Outcome:
    """Run the nightly job in this process and wait for its end."""
    from dagster_project.definitions import defs

    job = defs.resolve_job_def("nightly")
    outcome = Outcome(str(uuid4()))
    tags = {**REPOSITORY_TAG, **({AS_OF_TAG: as_of.isoformat()} if as_of else {})}
    with dagster_instance(home) as instance, _Display(console, job) as display:

        def listen(record) -> None:
            event = record.dagster_event
            if event is None:
                return
            display.see(event)
            if event.is_step_failure:
                outcome.failures.append((event.step_key, reason_of(event.step_failure_data.error)))
            elif event.is_run_failure and not outcome.failures:
                error = event.job_failure_data.error
                outcome.failures.append(("start", reason_of(error) if error else str(event.message)))

        instance.add_event_listener(outcome.run_id, listen)
        try:
            job.execute_in_process(QUIET, instance=instance, run_id=outcome.run_id, tags=tags, raise_on_error=False)
        # Where Dagster's own storage fails (a full disk), a run ends without an event that says so.
        except Exception as error:
            outcome.failures.append(("start", str(error.__cause__ or error)))
    return outcome


def reason_of(error) -> str:
    """The innermost cause of a Dagster error, which is the one that says what to do."""
    while error.cause:
        error = error.cause
    return error.message.split(": ", 1)[-1].strip()


class _Display:
    """One line a floor: how many of its tables are done, and the newest of them."""

    def __init__(self, console: Console, job: dg.JobDefinition):
        from dagster_project.assets.floors import FLOORS

        totals = dict.fromkeys(FLOORS, 0)
        for key in job.asset_layer.executable_asset_keys:
            totals[key.path[0]] += 1
        columns = (
            TextColumn("{task.description:<13}"),
            BarColumn(24),
            TextColumn("{task.completed:>3}/{task.total}"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(
            *columns, TextColumn("{task.fields[last]}", style="dim"), console=console, disable=not console.is_terminal
        )
        self._tasks = {
            floor: self._progress.add_task(floor, total=total, start=False, last="") for floor, total in totals.items()
        }
        self._done: dict[str, int] = dict.fromkeys(totals, 0)
        self._totals, self._console = totals, console

    def __enter__(self) -> "_Display":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def see(self, event: dg.DagsterEvent) -> None:
        if not event.is_step_materialization or event.asset_key is None:
            return
        floor, name = event.asset_key.path[0], "/".join(event.asset_key.path[1:])
        task = self._tasks[floor]
        self._progress.start_task(task)
        self._progress.update(task, advance=1, last=name)
        self._done[floor] += 1
        if self._done[floor] == self._totals[floor]:
            self._progress.stop_task(task)
            if not self._console.is_terminal:
                self._console.print(f"{floor:<13} {self._done[floor]} of {self._totals[floor]} done")

"""New CRM files alone: what depends on them is refreshed, and the release is the one that a whole night would have published."""

import csv
import json
import os
import shutil
from datetime import timedelta

import dagster as dg
import duckdb
import pytest

from dagster_project.definitions import defs
from dagster_project.night import dagster_instance
from dagster_project.refresh import AS_OF_TAG
from dagster_project.sensors import depending_on
from dagster_project.settings import Settings


def advance_the_crm(folder) -> tuple[str, int]:
    """What a day in the field changes: calls entered, a deal gone. Returns the deal and the number of calls."""
    tasks, deals = folder / "Task.csv", folder / "Opportunity.csv"
    with open(tasks, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), reader.fieldnames
    called = [row for row in rows if row["Type"] == "Call" and row["Status"] == "Completed"][:50]
    with open(tasks, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writerows({**row, "Id": f"00TARRIVED{n:05d}AAA"} for n, row in enumerate(called))
    lines = deals.read_bytes().splitlines(keepends=True)
    gone = next(line for line in lines[1:] if b"Negotiation" in line or b"Proposal" in line or b"Evaluation" in line)
    deals.write_bytes(b"".join(line for line in lines if line is not gone))
    return gone.split(b",")[0].decode().strip('"'), len(called)


def run_arrivals(landing, home, as_of) -> dg.ExecuteInProcessResult:
    """What the sensor's request runs, in this process."""
    before = dict(os.environ)
    os.environ |= {"FIELDSCOPE_LANDING": str(landing), "FIELDSCOPE_HOME": str(home)}
    try:
        job, graph = defs.resolve_job_def("arrivals"), defs.resolve_asset_graph()
        with dagster_instance(Settings().paths) as instance:
            return job.execute_in_process(
                instance=instance,
                tags={AS_OF_TAG: as_of.isoformat()},
                asset_selection=depending_on(["salesforce"], graph),
                raise_on_error=False,
            )
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module")
def arrived(world, fieldscope, first_night, tmp_path_factory):
    """After a night, new CRM files, their refresh, and then a whole night of the same day; the three releases."""
    folder = tmp_path_factory.mktemp("arrivals")
    landing, home = folder / "landing", folder / "home"
    shutil.copytree(world.landing, landing)
    shutil.copytree(first_night.home, home, symlinks=True)
    before = (home / "published" / "current").resolve()
    untouched = home / "lake" / "ml" / "volume" / "trends.parquet"
    trends_at = untouched.stat().st_mtime_ns
    deal, calls = advance_the_crm(landing / "crm" / "salesforce")
    result = run_arrivals(landing, home, world.as_of)
    assert result.success
    assert untouched.stat().st_mtime_ns == trends_at, "what does not depend on the CRM was built again"
    part = (home / "published" / "current").resolve()
    again = fieldscope(landing, home, world.as_of)
    assert again.code == 0, again.text
    return before, part, (home / "published" / "current").resolve(), again, deal, calls


def test_new_calls_and_deals_are_published(arrived):
    before, part, _, _, deal, calls = arrived

    def count(release, sql: str) -> int:
        with duckdb.connect(str(release / "fieldscope.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchone()[0]

    assert count(part, "select count(*) from calls") == count(before, "select count(*) from calls") + calls
    sought = f"select count(*) from opportunity_forecasts where opportunity_id = '{deal}'"
    assert (count(before, sought), count(part, sought)) == (1, 0)


def test_the_release_is_that_of_a_whole_night_to_the_byte(arrived):
    before, part, whole, *_ = arrived
    changed = 0
    for path in sorted((whole / "parquet").glob("*.parquet")):
        if path.stem != "refresh_log":
            assert path.read_bytes() == (part / "parquet" / path.name).read_bytes(), f"{path.stem} is not the same"
            changed += path.read_bytes() != (before / "parquet" / path.name).read_bytes()
    assert changed > 5


def test_the_log_says_which_sources_were_refreshed(arrived):
    _, part, _, again, *_ = arrived
    facts = json.loads((part / "manifest.json").read_text())
    rows = again.query("select refresh_id, status, refreshed_sources from refresh_log order by started_at")
    assert [status for _, status, _ in rows[-3:]] == ["published"] * 3
    assert (rows[-2][0], json.loads(rows[-2][2])) == (facts["refresh_id"], ["salesforce"])
    assert "claims" in json.loads(rows[-1][2])


def test_a_part_is_never_built_upon_another_day(arrived, world, tmp_path):
    whole = arrived[2]
    home = whole.parents[2]
    result = run_arrivals(home.parent / "landing", home, world.as_of - timedelta(days=1))
    assert not result.success
    assert "run everything" in str(result.all_events[-1].event_specific_data)
    assert (home / "published" / "current").resolve() == whole

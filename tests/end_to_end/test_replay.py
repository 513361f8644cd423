"""`as_of` is the only clock: a past night on today's landing zone gives what that night gave, in every feature and every mart.

The landing zone is laid out as it was on each of several nights and crosses the border night by night into one home; beside it
stands the lake of tonight, which holds all that came later. Both are built for each night.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dagster_project import history
from dagster_project.ingest import border
from dagster_project.ingest.contents import SOURCES
from dagster_project.parquet import quoted
from dagster_project.settings import Settings
from tests.end_to_end.as_it_lay import KNOWN_BY, lay_out
from tests.end_to_end.built_by_day import FLOORS, NO_DAY, Project, compile_project
from tests.end_to_end.conftest import OF_THE_NIGHT
from tests.end_to_end.restated_world import restate

NIGHTS = (
    date(2023, 6, 30),  # before the first claim lines; Open Payments of 2022 come out on this day
    date(2024, 2, 29),  # a month end that three years in four do not have
    date(2025, 5, 23),  # the day before a public year of claims becomes known
    date(2025, 8, 31),  # before a file that brings old years and restates lines
    date(2026, 1, 29),  # the day before the January release of Open Payments
)

# What models learn from: one row a subject and past day, the day last.
KEYS = {
    "features_provider_months": ("npi", "procedure_family", "snapshot_on"),
    "features_provider_diagnoses": ("npi", "diagnosis_family", "snapshot_on"),
    "features_territory_months": ("territory_id", "month"),
}
# Of past days too, but of what the home itself published by then; neither home here has published before.
MEMORY = {"features_past_lists"}


@dataclass(frozen=True)
class Replayed:
    """Where the warehouses lie: of each night as it was and as today's lake gives it, and of tonight."""

    then: dict[date, Path]
    now: dict[date, Path]
    tonight: Path
    left_out: dict[date, int]

    @contextmanager
    def side_by_side(self, night: date) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect() as connection:
            for name, path in (("then", self.then[night]), ("now", self.now[night]), ("tonight", self.tonight)):
                connection.execute(f'attach {quoted(path)} as "{name}" (read_only)')
            yield connection


def approve_growth(landing: Path) -> None:
    """Between two of these nights an export grows by more than a contract lets pass without a word."""
    names = [name for name in KNOWN_BY if name.startswith("crm/")] + ["crm/salesforce/OrderItem.csv"]
    lines = [f"{name},,rows_against_accepted,Pat Records,2023-01-01,months lie between\n" for name in names]
    approvals = landing / "company" / "overrides.csv"
    approvals.write_text("file,content_hash,rule,approved_by,approved_on,reason\n" + "".join(lines))


def cross_the_border(settings: Settings, day: date) -> None:
    home, landing = settings.paths, settings.landing_zone
    for source in SOURCES:
        result = border.ingest(source, landing, home.lake, home.patient_secret(), settings.duckdb_config(), day)
        assert not result.refused, result.refused
        assert not result.unrecognised, result.unrecognised
    border.write_border_tables(home.lake, day)
    history.write_earlier(home, day)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return compile_project(tmp_path_factory.mktemp("compiled"), "--select", "resource_type:model")


@pytest.fixture(scope="module")
def replayed(first_night, world, project, tmp_path_factory) -> Replayed:
    folder = tmp_path_factory.mktemp("replay")
    whole = Settings(home=folder / "whole", landing=restate(world.landing, folder / "landing"))
    whole.paths.prepare()
    # Neither home has published before: what a home has shown stays shown, which is its memory and no knowledge of sources.
    shutil.copytree(
        first_night.home / "lake",
        whole.paths.lake,
        symlinks=True,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("history"),
    )
    shutil.copy2(first_night.home / "patient.key", whole.paths.patient_key)
    cross_the_border(whole, world.as_of)

    cut = Settings(home=folder / "cut", landing=folder / "cut_landing")
    cut.paths.prepare()
    # Predictions are functions of features: the same ones stand for both sides.
    shutil.copytree(first_night.home / "lake" / "ml", cut.paths.ml, dirs_exist_ok=True)
    shutil.copytree(first_night.home / "lake" / "raw" / "border", cut.paths.raw / "border")
    then, now, left_out = {}, {}, {}
    for night in NIGHTS:
        left_out[night] = lay_out(whole.landing_zone, cut.landing_zone, night)
        approve_growth(cut.landing_zone)
        cross_the_border(cut, night)
        then[night] = project.build(cut.paths.lake, night, folder / f"then_{night}.duckdb")
        now[night] = project.build(whole.paths.lake, night, folder / f"now_{night}.duckdb")
    tonight = project.build(whole.paths.lake, world.as_of, folder / "tonight.duckdb")
    return Replayed(then, now, tonight, left_out)


def differing(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    """How many rows stand in one query's result only."""
    sql = f"select count(*) from (({one} except all {other}) union all ({other} except all {one}))"
    return connection.execute(sql).fetchone()[0]


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_what_came_later_changes_no_feature_and_no_mart(replayed, project, night):
    assert replayed.left_out[night] > 100
    tables = [(model["schema"], model["name"]) for model in project.models if model["schema"] in FLOORS]
    with replayed.side_by_side(night) as connection:
        changed = {
            name: rows
            for schema, name in tables
            if name not in OF_THE_NIGHT
            and (rows := differing(connection, f'from "then".{schema}.{name}', f'from "now".{schema}.{name}'))
        }
        filled = [name for schema, name in tables if connection.execute(f"from now.{schema}.{name} limit 1").fetchone()]
    assert changed == {}
    assert len(filled) > len(tables) / 2


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_a_past_month_has_tonight_the_features_of_its_own_night(replayed, night):
    """What the models learn from is what they would have been asked about then."""
    with replayed.side_by_side(night) as connection:
        dated = connection.execute(
            "select table_name from duckdb_columns() where database_name = 'tonight' and schema_name = 'features' and column_name = 'snapshot_on'"
        ).fetchall()
        assert {table for (table,) in dated} <= set(KEYS) | MEMORY
        # An opt-out reaches back: the past sums of a territory lose who has opted out since, regain whose opt-out has ended, and no other.
        reached = connection.execute("""
            with
                before as (select npi from "then".intermediate.int_providers_opted_out),
                since as (select npi from tonight.intermediate.int_providers_opted_out)
            select distinct territory_id from tonight.features.features_provider_months
            where npi in ((from before except from since) union (from since except from before)) and territory_id is not null
        """).fetchall()
        left_out = {"features_territory_months": [territory for (territory,) in reached]}
        for table, key in KEYS.items():
            subject, *_, day = key
            columns = {name for (name, *_) in connection.execute(f"describe tonight.features.{table}").fetchall()}
            compared = sorted(columns - {*key, "is_current"})
            judged = f"one.{subject} = other.{subject} and not list_contains(?, {subject})"
            every, in_both, *unequal = connection.execute(
                f"""
                select
                    count(*),
                    count(*) filter (one.{subject} = other.{subject}),
                    {", ".join(f"count(*) filter ({judged} and one.{name} is distinct from other.{name})" for name in compared)}
                from (
                    from "then".features.{table} where {day} in (select {day} from tonight.features.{table})
                ) as one
                full outer join (
                    from tonight.features.{table} where {day} in (select {day} from "then".features.{table})
                ) as other using ({", ".join(key)})
            """,
                [left_out.get(table, [])] * len(compared),
            ).fetchone()
            # Before the first claim lines nobody is known to diagnose anything.
            assert every > 50 or (night == NIGHTS[0] and table == "features_provider_diagnoses")
            assert in_both == every, "a row of one side alone"
            assert {name: rows for name, rows in zip(compared, unequal, strict=True) if rows} == {}


def test_nothing_in_a_mart_is_later_than_its_night(replayed):
    night = NIGHTS[-1]
    later = {
        "orders": "ordered_on",
        "opportunity_stages": "cast(entered_at as date)",
        "provider_affiliations": "valid_from",
        "opportunities": "created_on",
        "marketing_touches": "touched_on",
        "provider_procedures": "period_start",
    }
    with replayed.side_by_side(night) as connection:
        for mart, column in later.items():
            newest, rows = connection.execute(f"select max({column}), count(*) from now.marts.{mart}").fetchone()
            assert rows, mart
            assert newest <= night, f"{mart} speaks of {newest}"
        kept_later = connection.execute(
            "select count(*) from now.marts.calls where is_kept and cast(called_at as date) > ?",
            [night + pd.Timedelta(days=1)],
        )
        assert kept_later.fetchone()[0] == 0


def test_the_day_stands_in_every_model_that_asks_for_it(project):
    """The build by day puts the day where dbt's own build would: no model has another clock."""
    dated = [model["name"] for model in project.models if NO_DAY in model["compiled_code"]]
    clocks = ("current_date", "current_timestamp", "now()", "today()", "get_current_time")
    assert len(dated) > 20
    assert [m["name"] for m in project.models if any(clock in m["compiled_code"].lower() for clock in clocks)] == []


@pytest.fixture(scope="module")
def overwritten(first_night, world, fieldscope, tmp_path_factory):
    """A home whose landing zone changed after its first night: the release of that night, a second night and its release, the first once more."""
    folder = tmp_path_factory.mktemp("overwritten")
    home, landing = folder / "home", folder / "landing"
    shutil.copytree(first_night.home, home, symlinks=True)
    shutil.copytree(world.landing, landing)
    first = (home / "published" / "current").resolve()
    crm = landing / "crm" / "salesforce"
    for name in ("Contact", "Opportunity", "Event"):
        rows = pd.read_csv(crm / f"{name}.csv", dtype=str, keep_default_na=False, encoding="latin-1")
        rows.iloc[::3].to_csv(crm / f"{name}.csv", index=False, encoding="latin-1")
    (crm / "Campaign.csv").write_text("no export\n1\n")
    (landing / "registry" / "Hospital_General_Information.csv").write_text("<html>503 Service Unavailable</html>")
    next(iter((landing / "open_payments").rglob("OP_DTL_GNRL*2023*"))).unlink()
    settings = landing / "company" / "company.yml"
    settings.write_text(settings.read_text().replace("rep_annual_cost_usd: 220000", "rep_annual_cost_usd: 100000"))
    second = fieldscope(landing, home, world.as_of + pd.Timedelta(days=1))
    after = (home / "published" / "current").resolve()
    return first, second, after, fieldscope(landing, home, world.as_of)


def test_a_past_night_is_given_again_to_the_byte_though_its_files_were_overwritten(overwritten):
    first, second, _, again = overwritten
    assert second.code == 3, second.text
    assert "Since the night before:" in second.text
    assert again.code == 0, again.text
    assert "as in use then" in again.text
    after = (again.home / "published" / "current").resolve()
    assert after != first
    for path in sorted((first / "parquet").glob("*.parquet")):
        if path.stem != "refresh_log":
            assert path.read_bytes() == (after / "parquet" / path.name).read_bytes(), f"{path.stem} is not the same"


def test_the_log_says_what_changed_since_the_night_before(overwritten):
    *_, again = overwritten
    (restated,) = again.query(
        "select changes from refresh_log where as_of = (select max(as_of) from refresh_log) and status = 'published'"
    )
    assert "crm/salesforce/Contact.csv: delivered again with other content: −" in restated[0]
    assert "open_payments general 2023: no longer delivered: −" in restated[0]


def test_of_a_refused_file_the_last_version_stays_in_use(overwritten):
    _, second, release, _ = overwritten
    assert "Hospital_General_Information.csv" in second.text
    with duckdb.connect(str(release / "fieldscope.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from facilities where name is not null").fetchone()[0] > 0
        refused = "select count(*) from source_versions where not accepted and file like '%Hospital_General%'"
        assert connection.execute(refused).fetchone()[0] > 0

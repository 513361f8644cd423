"""Six in ten of the surgeons opt out, and an attacker who holds all that the field sees is to tell which of them operate much."""

import json
import os
import shutil
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pytest

from dagster_project import warehouse
from dagster_project.publish import opted_out
from dagster_project.publish.export import marts_of
from dagster_project.settings import Settings
from models_ml.evaluation import auc
from tests.end_to_end.opted_out_attack import evidence, success

# An attacker who knows nothing has an AUC of a half, and by chance this much more (95 %, one-sided).
ALLOWED = 0.55


@dataclass(frozen=True)
class Attack:
    """The marts before and after the opt-outs, the suspects and whether each operates more than half of them."""

    before: duckdb.DuckDBPyConnection
    after: duckdb.DuckDBPyConnection
    suspects: list[str]
    is_high: np.ndarray

    @property
    def by_chance(self) -> float:
        high, low = self.is_high.sum(), (~self.is_high).sum()
        return 1.645 * ((high + low + 1) / (12 * high * low)) ** 0.5


def marts(database) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"attach '{database}' as built (read_only)")
    connection.execute("use built.marts")
    return connection


@pytest.fixture(scope="module")
def attack(first_night, world, tmp_path_factory) -> Attack:
    """The first night's warehouse once more, with the surgeons' opt-outs in the company's list; no model learns anew."""
    home = tmp_path_factory.mktemp("opted_out")
    for part in ("lake", "warehouse"):
        copying = os.link if part == "lake" else shutil.copy2
        shutil.copytree(first_night.home / part, home / part, copy_function=copying)
    before = marts(first_night.home / "warehouse" / "warehouse.duckdb")
    surgeons = before.execute("""
        select npi, coalesce(annual_volume, 0) from providers
        where specialty = 'Orthopedic Surgery' and npi not in (select npi from withheld_targets)
        order by md5(npi)
    """).fetchall()
    suspects = pd.Series(dict(surgeons[: int(0.6 * len(surgeons))]))
    (listed,) = (home / "lake" / "raw" / "company" / "restrictions").glob("[!_]*.parquet")
    rows = pd.read_parquet(listed)
    added = pd.DataFrame({"npi": suspects.index, "list": "PDRP", "effective_from": world.as_of})
    listed.unlink()
    pd.concat([rows, added.reindex(columns=rows.columns)]).to_parquet(listed)
    settings = Settings(home=home)
    variables = ["--vars", json.dumps({"as_of": world.as_of.isoformat()})]
    built = warehouse.invoke(settings, ["run", "--select", "stg_company__restrictions+", *variables])
    assert built.success, [f"{r.node.name}: {r.message}" for r in built.result if r.message]
    after = marts(settings.paths.warehouse)
    return Attack(before, after, list(suspects.index), (suspects > suspects.median()).to_numpy())


def test_who_opted_out_operates_much_cannot_be_told(attack):
    assert min(attack.is_high.sum(), (~attack.is_high).sum()) > 30
    facts = evidence(attack.after, attack.suspects)
    assert success(facts, attack.is_high) <= ALLOWED + attack.by_chance


def test_the_same_attack_finds_those_who_did_not(attack):
    """Else the test above would prove nothing."""
    facts = evidence(attack.before, attack.suspects)
    assert success(facts, attack.is_high) >= 0.9
    for kind in ("provider_procedures: rows", "provider_trajectories: focus_volume sum"):
        assert auc(attack.is_high, facts[kind].fillna(0).to_numpy()) >= 0.6, kind


def test_nothing_is_left_over_when_the_others_are_subtracted(attack):
    shown = "select territory_id, sum(annual_volume) as volume from providers where is_active group by territory_id"
    left_over = f"select sum(abs(t.annual_volume - s.volume)) from territories as t inner join ({shown}) as s using (territory_id)"
    assert attack.after.execute(left_over).fetchone()[0] == pytest.approx(0, abs=1e-3)
    volume = "select sum(annual_volume) from territories where not is_overlay"
    assert attack.after.execute(volume).fetchone()[0] < 0.7 * attack.before.execute(volume).fetchone()[0]
    holes = "select max(rank_in_territory) - count(*) from target_scores where territory_id is not null group by territory_id"
    assert {row[0] for row in attack.after.execute(holes).fetchall()} == {0}


def test_the_marts_keep_to_the_decisions(attack):
    built = marts_of(warehouse.manifest())
    assert opted_out.shown_figures(attack.after, built) == []
    withheld = "select count(*) from withheld_targets where rule = 'PDRP' and npi in (select unnest(?))"
    assert attack.after.execute(withheld, [attack.suspects]).fetchone()[0] == len(attack.suspects)

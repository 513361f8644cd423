"""No count of few patients can be derived by someone who holds every release and knows every rule.

The attack is the strongest there is: all worlds of up to so many patients are published by the warehouse's own SQL, and what the worlds
that look alike have in common is what a reader knows. A group of patients is given away when in all of them it has someone and few.
"""

from datetime import date
from itertools import product

import numpy as np
import pandas as pd
import pytest

from tests.publish.patient_worlds import Warehouse, lines_of

KNEE = [("knee", "ICD-10-CM", "M17", False)]
LATE, VOID = 2, 3
FEW, MOST = 2, 9
YEAR = [kind for kind in product((0, 1), repeat=3) if any(kind)]
RULES_OF_A_YEAR = {
    "those whom a month lacks": (">= beside_the_year.largest_month + true_still.cell_suppression_minimum", ">= 3"),
    "those whom months share": ("true_still.patients + true_still.cell_suppression_minimum\n", "true_still.patients\n"),
    "room for those withheld": ("beside_the_year.months_withheld * (true_still.cell_suppression_minimum - 1)", "1000"),
}
CHANGED = {"shown while it is true": ("taken.patients = taken.patients_at_close", "taken.patients >= 3")}


def all_worlds(kinds: int, most: int) -> np.ndarray:
    """Every way to have up to `most` patients of so many kinds: one row a world, one column a kind."""
    worlds = np.zeros((1, 0), dtype=int)
    for _ in range(kinds):
        left = most - worlds.sum(axis=1)
        again = np.repeat(np.arange(len(worlds)), left + 1)
        worlds = np.column_stack([worlds[again], np.concatenate([np.arange(n + 1) for n in left])])
    return worlds[worlds.sum(axis=1) > 0]


def lines_of_worlds(worlds: np.ndarray, kinds: list[tuple[int, ...]]) -> pd.DataFrame:
    """Each patient's lines: a kind says for each month 0 never there, 1 there, `LATE` known after the close, `VOID` voided after it."""
    world, kind = np.nonzero(worlds)
    world, kind = (np.repeat(part, worlds[world, kind]) for part in (world, kind))
    person = np.arange(len(world)).astype(str)
    parts = []
    for month in range(len(kinds[0])):
        state = np.array([k[month] for k in kinds])[kind]
        served, early, late = f"2023-{month + 1:02}-10", f"2023-{month + 1:02}-20", "2024-06-01"
        there = state > 0
        lines = lines_of(
            world[there].astype(str), person[there], served, np.where(state[there] == LATE, late, early)
        ).assign(claim_id=lambda lines, month=month: lines.person_key + f"-{month}")
        void = lines[state[there] == VOID].assign(filed_on=late, is_void=True)
        parts += [lines, void]
    return pd.concat(parts, ignore_index=True)


def readers_view(published: pd.DataFrame, column: str, worlds: int) -> np.ndarray:
    """What a reader sees of each world, as a number: worlds of one number look alike."""
    cell = published.period_grain + published.period_start.dt.strftime("%m ") + published.night.astype(str)
    shown = published[column].astype(float).fillna(-1)
    wide = pd.DataFrame({"world": published.npi.astype(int), "cell": cell, "shown": shown}).pivot(
        index="world", columns="cell", values="shown"
    )
    return wide.reindex(range(worlds)).fillna(0).groupby(list(wide.columns), sort=False).ngroup().to_numpy()


def given_away(view: np.ndarray, groups: np.ndarray, marked: np.ndarray) -> int:
    """How often someone reads that a group of patients has someone and at most `FEW`, more than the mark of a withheld cell says.

    `groups` holds a row a world and a column a group; `marked` the count of each withheld cell, -1 where it is shown or absent.
    """
    found = 0
    order = np.argsort(view, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(view[order])) + 1):
        low, high = groups[rows].min(axis=0), groups[rows].max(axis=0)
        for group in np.flatnonzero((low >= 1) & (high <= FEW)):
            is_mark = (marked[rows] == groups[rows][:, [group]]).all(axis=0).any()
            found += not (is_mark and low[group] == 1 and high[group] == FEW)
    return found


@pytest.fixture(scope="module")
def years(models) -> tuple[np.ndarray, pd.DataFrame]:
    """Three months and their year, counts of fewer than 3 withheld: every world of up to 9 patients, as published."""
    worlds = all_worlds(len(YEAR), MOST)
    with Warehouse(models, KNEE, FEW + 1, RULES_OF_A_YEAR) as warehouse:
        return worlds, warehouse.publish(lines_of_worlds(worlds, YEAR), [date(2025, 1, 1)])


def attack_a_year(worlds: np.ndarray, published: pd.DataFrame, column: str) -> int:
    """Any group of patients that the months can tell apart."""
    view = readers_view(published, column, len(worlds))
    months = worlds @ np.array(YEAR)
    shown = published[(published.period_grain == "month") & published[column].notna()]
    is_shown = np.zeros_like(months, dtype=bool)
    is_shown[shown.npi.astype(int), shown.period_start.dt.month - 1] = True
    # Only where no larger world could look the same is what these have in common all that is known.
    is_whole = (np.where(is_shown, months, np.minimum(months, 1) * FEW)).sum(axis=1) <= MOST
    groups = worlds @ np.array([[int(bit) for bit in f"{n:07b}"] for n in range(1, 128)]).T
    marked = np.where(is_shown | (months == 0), -1, months)
    return given_away(view[is_whole], groups[is_whole], marked[is_whole])


def attack_nights(models: dict[str, str], column: str) -> int:
    """A month on two nights, every world of up to 12: who came late, or who was voided, between the nights.

    The reader knows which of the two it was: else a difference would be of both, and tell less.
    """
    found = 0
    for change in (LATE, VOID):
        kinds = [(1,), (change,)]
        worlds = all_worlds(len(kinds), 12)
        with Warehouse(models, KNEE, FEW + 1, CHANGED) as warehouse:
            published = warehouse.publish(lines_of_worlds(worlds, kinds), [date(2024, 4, 1), date(2024, 7, 1)])
        view = readers_view(published, column, len(worlds))
        # A larger world may look the same; only where there is room for it is what these have in common all that is known.
        is_whole = pd.Series(worlds.sum(axis=1)).groupby(view).transform("min").to_numpy() < 12 - FEW
        # A count that was shown and is withheld has changed: that it was by few may be known, as of any withheld cell, not by how many.
        changes = worlds[is_whole][:, 1:]
        found += given_away(view[is_whole], changes, changes)
    return found


def test_a_year_beside_its_months_gives_no_small_group_away(years):
    assert attack_a_year(*years, "patients") == 0


@pytest.mark.parametrize("column", ["counted", *RULES_OF_A_YEAR])
def test_the_attack_on_a_year_succeeds_where_a_rule_is_switched_off(years, column):
    assert attack_a_year(*years, column) > 0


def test_two_nights_give_no_late_or_voided_patient_away(models):
    assert attack_nights(models, "patients") == 0


@pytest.mark.parametrize("column", ["counted", *CHANGED])
def test_the_attack_on_two_nights_succeeds_where_a_rule_is_switched_off(models, column):
    assert attack_nights(models, column) > 0

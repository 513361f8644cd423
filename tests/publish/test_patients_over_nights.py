"""Random practices over many nights, with late lines, voids, deliveries of long closed months and families that share codes: whatever
is subtracted from whatever, no small count comes out, and what is shown is true."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.publish.patient_worlds import CELL, RUN_OUT_DAYS, Warehouse, lines_of

MINIMUM = 11
FAMILIES = [
    ("knee", "HCPCS", "27447", True), ("hip", "HCPCS", "27130", False), ("joints", "HCPCS", "27447", False),
    ("joints", "HCPCS", "27130", False), ("arthritis", "ICD-10-CM", "M1", False), ("gonarthrosis", "ICD-10-CM", "M17", False),
]  # fmt: skip
# One family's patients are all among another's.
WITHIN = [("knee", "joints"), ("hip", "joints"), ("gonarthrosis", "arthritis")]
NIGHTS = [date(2023, 9, 1), date(2024, 3, 5), date(2024, 4, 1), date(2024, 7, 1), date(2025, 2, 1)]
PRACTICES, MONTHS = 15, 3


def practices(seed: int, late: float, void: float) -> pd.DataFrame:
    """Lines of practices of up to 60 patients each, seen in any of three months; every fifth is delivered a year afterwards."""
    rng = np.random.default_rng(seed)
    npi = np.repeat(np.arange(PRACTICES), rng.integers(1, 60, PRACTICES))
    again = rng.beta(1, 1, PRACTICES)[npi]
    seen = rng.random((len(npi), MONTHS)) < np.maximum(again, 0.15)[:, None]
    person, month = np.nonzero(seen)
    served = np.datetime64("2023-01-10") + month * 31
    delay = np.where(rng.random(len(person)) < late, rng.integers(60, 600, len(person)), 20)
    backlog = np.datetime64("2024-03-01") + rng.integers(0, 2, len(person))
    filed = np.where(npi[person] % 5 == 0, backlog, served + delay)
    knee, gonarthrosis = (rng.random(len(npi)) < 0.7 for _ in range(2))
    lines = lines_of(
        npi[person].astype(str), person.astype(str), served, filed,
        hcpcs_code=np.where(knee, "27447", "27130")[person], diagnosis_code=np.where(gonarthrosis, "M171", "M160")[person],
    )  # fmt: skip
    voided = lines[rng.random(len(lines)) < void]
    return pd.concat([lines, voided.assign(filed_on=voided.filed_on + pd.Timedelta(days=150), is_void=True)])


def small(differences: pd.Series) -> pd.Series:
    return differences[(differences != 0) & (differences.abs() < MINIMUM)]


@given(seed=st.integers(0, 2**32 - 1), late=st.sampled_from([0, 0.02, 0.2]), void=st.sampled_from([0, 0.02]))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_subtracted_no_small_count_comes_out(models, seed, late, void):
    with Warehouse(models, FAMILIES, MINIMUM) as warehouse:
        published = warehouse.publish(practices(seed, late, void), NIGHTS)
    shown = published.dropna(subset="patients")
    assert (shown.patients == shown.counted).all()
    assert (shown.patients >= MINIMUM).all()

    over_nights = shown.merge(shown, on=CELL)
    assert small(over_nights.patients_x - over_nights.patients_y).empty

    period = ["npi", "period_start", "period_grain"]
    for part, whole in WITHIN:
        both = shown[shown.family == whole].merge(shown[shown.family == part], on=period)
        assert small(both.patients_x - both.patients_y).empty, f"{whole} less {part}"

    # Nights apart: a year of any night less a month of any other.
    by_year = ["npi", "family_kind", "family"]
    years, months = (shown[shown.period_grain == grain] for grain in ("year", "month"))
    both = years.merge(months, on=by_year)
    assert small(both.patients_x - both.patients_y).empty

    for _, cells in published[published.family_kind == "diagnosis"].groupby(["night", *by_year]):
        assert given_away(cells) == []


def given_away(cells: pd.DataFrame) -> list[str]:
    """What linear programs make of a year shown beside its months: groups that must have someone, and no more than a few."""
    year = cells[cells.period_grain == "year"].patients.iloc[0]
    months = cells[cells.period_grain == "month"]
    if np.isnan(year):
        return []
    kinds = np.array(list(np.ndindex(*(2,) * len(months))))[1:]
    equal, of, most, at_most = [np.ones(len(kinds))], [year], [], []
    for seen, (_, month) in zip(kinds.T, months.iterrows(), strict=True):
        if not np.isnan(month.patients):
            equal, of = [*equal, seen], [*of, month.patients]
        else:
            ceiling = MINIMUM - 1 if month.counted < MINIMUM else year
            most, at_most = [*most, seen, -seen], [*at_most, ceiling, -1]
    groups = {"seen again": kinds.sum(axis=1) > 1, "seen once": kinds.sum(axis=1) == 1}
    groups |= {f"not in month {n}": seen == 0 for n, seen in enumerate(kinds.T)}
    found = []
    for name, group in groups.items():
        low, high = (
            linprog(sign * group, A_ub=most or None, b_ub=at_most or None, A_eq=equal, b_eq=of).fun for sign in (1, -1)
        )
        if low > 0.5 and -high < MINIMUM - 0.5:
            found.append(name)
    return found


def test_a_past_night_shows_what_it_showed(models):
    lines = practices(seed=2, late=0.05, void=0.02)
    with Warehouse(models, FAMILIES, MINIMUM) as warehouse:
        for night in NIGHTS[:3]:
            known_then = lines[lines.filed_on <= np.datetime64(night)]
            then, now = (
                warehouse.publish(those, [night]).dropna(subset="patients").reset_index(drop=True)
                for those in (known_then, lines)
            )
            assert not then.empty
            pd.testing.assert_frame_equal(then, now)


def test_whatever_comes_in_time_and_is_many_is_shown(models):
    lines = practices(seed=1, late=0, void=0)
    with Warehouse(models, FAMILIES, MINIMUM) as warehouse:
        published = warehouse.publish(
            lines[lines.npi.astype(int) % 5 > 0], [date(2023, 3, 31) + timedelta(RUN_OUT_DAYS)]
        )
    months = published[(published.period_grain == "month") & published.family.isin(["knee", "hip", "gonarthrosis"])]
    many = months[months.counted >= MINIMUM]
    assert len(many) > 30
    assert many[many.period_start < "2023-04-01"].patients.notna().all()


def test_the_linear_programs_find_what_years_give_away():
    def cells(year: int, *months: int) -> pd.DataFrame:
        counted = np.array([year, *months], dtype=float)
        shown = np.where(counted < MINIMUM, np.nan, counted)
        return pd.DataFrame({"period_grain": ["year"] + ["month"] * len(months), "patients": shown, "counted": counted})

    assert "not in month 0" in given_away(cells(30, 25, 20))
    assert "seen again" in given_away(cells(40, 20, 25))
    assert given_away(cells(60, 40, 35, 5)) == []

"""Counts of patients, counted again from raw claim lines: what is shown is true and large, and what may be shown mostly is.

Nothing here is the product's code. Not here: what could be derived from what is shown (`tests/publish/test_patients_*`).
"""

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.end_to_end.recounted import DIAGNOSES, read

MINIMUM = 11  # as the sample's company.yml says
OPEN_DAYS = 31 + 180  # of a month that may not have closed: its own and those in which late lines trickle in


@pytest.fixture(scope="module")
def codes(world) -> pd.DataFrame:
    return read(world.landing / "company" / "procedure_families.csv")


@pytest.fixture(scope="module")
def patients_of_procedures(claim_lines, codes) -> dict[tuple, int]:
    """Distinct persons by provider, family and month."""
    family_of = dict(
        codes[codes.code_system == "HCPCS"][["code", "procedure_family"]].itertuples(index=False, name=None)
    )
    lines = claim_lines.assign(family=claim_lines.hcpcs_code.map(family_of)).dropna(subset=["family"])
    lines = lines[lines.person_id != ""]
    return lines.groupby(["rendering_npi", "family", "month"]).person_id.nunique().to_dict()


@pytest.fixture(scope="module")
def patients_of_diagnoses(claim_lines, codes) -> dict[tuple, int]:
    """Distinct persons by provider, family, first day and grain; a listed code is also all that begin with it."""
    listed = [
        (row.code.replace(".", ""), row.procedure_family)
        for row in codes.itertuples()
        if row.code_system == "ICD-10-CM"
    ]
    told = claim_lines[claim_lines.person_id != ""].melt(
        ["rendering_npi", "person_id", "month"], DIAGNOSES, value_name="code"
    )
    told["code"] = told.code.str.replace(".", "", regex=False)
    rows = pd.concat([told[told.code.str.startswith(code)].assign(family=family) for code, family in listed])
    years = rows.assign(month=[day.replace(month=1) for day in rows.month], grain="year")
    rows = pd.concat([rows.assign(grain="month"), years])
    return rows.groupby(["rendering_npi", "family", "month", "grain"]).person_id.nunique().to_dict()


def share_shown(shown: dict[tuple, int], counted: dict[tuple, int], grain: str, before: date) -> float:
    large = [
        key for key, count in counted.items() if count >= MINIMUM and key[2] < before and key[3:] in ((), (grain,))
    ]
    assert len(large) > 20
    return sum(key in shown for key in large) / len(large)


def test_shown_patients_of_procedures_are_those_who_were_there(first_night, world, patients_of_procedures):
    found = first_night.query("""
        select npi, procedure_family, period_start, patients, is_suppressed from provider_procedures
        where claims_source = 'claim_lines'
    """)
    shown = {tuple(key): patients for *key, patients, _ in found if patients is not None}
    assert {key: patients_of_procedures.get(key) for key in shown} == shown
    assert min(shown.values()) >= MINIMUM
    assert all((patients is None) == hidden for *_, patients, hidden in found)
    closed = world.as_of - timedelta(days=OPEN_DAYS)
    assert max(month for _, _, month in shown) <= closed
    assert share_shown(shown, patients_of_procedures, "month", closed) >= 0.8


def test_shown_patients_of_diagnoses_are_those_who_were_there(first_night, world, patients_of_diagnoses):
    """Whoever was there stands in a row, seen or withheld."""
    found = first_night.query("""
        select npi, diagnosis_family, period_start, period_grain, patients, is_suppressed from provider_diagnoses
    """)
    assert {tuple(key) for *key, _, _ in found} == set(patients_of_diagnoses)
    shown = {tuple(key): patients for *key, patients, _ in found if patients is not None}
    assert {key: patients_of_diagnoses[key] for key in shown} == shown
    assert min(shown.values()) >= MINIMUM
    assert all((patients is None) == hidden for *_, patients, hidden in found)
    closed = world.as_of - timedelta(days=OPEN_DAYS)
    assert share_shown(shown, patients_of_diagnoses, "month", closed) >= 0.8
    assert share_shown(shown, patients_of_diagnoses, "year", closed.replace(month=1, day=1)) >= 0.75

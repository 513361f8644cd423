"""Commercial claim lines: monthly deliveries with run-out, restatements and reversals, professional and institutional.

Each line becomes known with the first delivery after its claim was processed, so the newest months are incomplete.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world import layouts
from sample_world.behaviour import Behaviour
from sample_world.clock import DELIVERY_DAY, OBSERVED_MONTHS, as_of_day, month_start, weekdays
from sample_world.company import HCPCS
from sample_world.dirt import spoil
from sample_world.files import write_csv, write_parquet
from sample_world.identifiers import numbered
from sample_world.people import People, site_in_month
from sample_world.streams import stream, weighted
from sample_world.volumes import FAMILIES, FOCUS, Volumes

FIRST_PARQUET_DELIVERY = np.datetime64("2025-01-01")
_PAID = np.array([1450.0, 1400.0, 620.0, 80.0, 110.0])


def make_claim_lines(seed: int, people: People, volumes: Volumes, behaviour: Behaviour) -> pd.DataFrame:
    """All lines ever delivered up to as-of, restatements included, in order of delivery."""
    rng = stream(seed, "claim lines")
    procedures = _procedures(rng, people, volumes, behaviour)
    visits = _visits(rng, people, behaviour)
    lines = pd.concat([procedures, visits], ignore_index=True)
    lines["number"] = np.arange(len(lines))
    lines = pd.concat([lines, _assistants(rng, lines, people), _facility_bills(rng, lines)], ignore_index=True)
    lines = pd.concat([lines, _restatements(rng, lines)], ignore_index=True)
    lines = lines[lines.file_date <= as_of_day()]
    lines = lines.sort_values(["file_date", "number", "claim_type", "line"], kind="stable").reset_index(drop=True)
    lines["claim_id"] = numbered("C", lines.number.to_numpy() + 10_000_001, 10) + np.where(
        lines.claim_type == "institutional", "F", "P"
    )
    return lines


def write_claim_lines(seed: int, people: People, lines: pd.DataFrame, folder: Path) -> int:
    """One file a delivery: the full layout gzipped at first, a narrow CSV later, Parquet from 2025 on."""
    rows = 0
    for number, (day, delivery) in enumerate(lines.groupby(lines.file_date.to_numpy())):
        name = f"medical_claim_{str(day)[:10].replace('-', '')}"
        table = _as_published(people, delivery, name)
        if day >= FIRST_PARQUET_DELIVERY:
            rows += write_parquet(folder / f"{name}.parquet", table, layouts.MEDICAL_CLAIM)
            continue
        table = spoil(
            seed, name, table, number="paid_amount", day="claim_line_start_date", npi="rendering_npi", share=0.0008
        )
        if number < 2:
            rows += write_csv(folder / f"{name}.csv.gz", table, layouts.MEDICAL_CLAIM)
        else:
            rows += write_csv(folder / f"{name}.csv", table, layouts.MEDICAL_CLAIM_NARROW)
    return rows


def _procedures(rng: np.random.Generator, people: People, volumes: Volumes, behaviour: Behaviour) -> pd.DataFrame:
    provider = volumes.pairs.provider.to_numpy()
    seen = people.providers.is_in_claim_feed.to_numpy()[provider]
    counts = volumes.counts[:, :OBSERVED_MONTHS] * seen[:, None]
    pair, month = np.nonzero(counts)
    repeats = counts[pair, month]
    pair, month = np.repeat(pair, repeats), np.repeat(month, repeats)
    family = volumes.pairs.family.to_numpy()[pair]
    code = np.empty(len(pair), dtype=object)
    for number, name in enumerate(FAMILIES):
        chosen = family == number
        code[chosen] = weighted(rng, [c for c, _ in HCPCS[name]], [s for _, s in HCPCS[name]], chosen.sum())
    lines = _lines(rng, people, provider[pair], month, family, code)
    arthritis = rng.random(len(lines)) < behaviour.mix[lines.provider]
    lines["diagnosis"] = _diagnoses(rng, family, arthritis)
    return lines


def _visits(rng: np.random.Generator, people: People, behaviour: Behaviour) -> pd.DataFrame:
    """Office visits that carry diagnoses without a procedure."""
    kind = people.providers.kind.to_numpy()
    rate = np.where(np.isin(kind, ["rheumatology", "family", "rehabilitation"]), 1.6, 0.35)
    rate = rate * people.providers.is_in_claim_feed.to_numpy()
    started = people.providers.started.to_numpy()[:, None]
    counts = rng.poisson(rate[:, None] * (np.arange(OBSERVED_MONTHS) >= started))
    provider, month = np.nonzero(counts)
    repeats = counts[provider, month]
    provider, month = np.repeat(provider, repeats), np.repeat(month, repeats)
    code = weighted(rng, ["99213", "99214"], [1, 1], len(provider))
    lines = _lines(rng, people, provider, month, np.full(len(provider), 4), code)
    inflamed = np.isin(kind[provider], ["rheumatology"]) & (rng.random(len(provider)) < 0.6)
    joint = _diagnoses(rng, rng.integers(0, 2, size=len(provider)), rng.random(len(provider)) < 0.8)
    lines["diagnosis"] = np.where(
        inflamed, weighted(rng, ["M05.79", "M06.9", "M06.09"], [2, 3, 1], len(provider)), joint
    )
    return lines


def _lines(rng: np.random.Generator, people: People, provider: np.ndarray, month: np.ndarray, family: np.ndarray,
           code: np.ndarray) -> pd.DataFrame:  # fmt: skip
    size = len(provider)
    days = (month_start(month + 1) - month_start(month)).astype(int)
    day = month_start(month) + (rng.random(size) * days).astype(int)
    day = np.minimum(weekdays(day), month_start(month + 1) - 1)
    lag = np.where(rng.random(size) < 0.07, rng.exponential(75, size=size), rng.gamma(2.2, 8.0, size=size)) + 4
    site = site_in_month(people.providers, provider, month)
    second = people.providers.second_site.to_numpy()[provider]
    return pd.DataFrame({
        "provider": provider, "family": family, "code": code, "day": day, "file_date": _delivery(day + lag.astype(int)),
        "site": np.where((second >= 0) & (rng.random(size) < 0.3), second, site), "practice": site,
        "patient": provider * 4000 + rng.integers(0, 4000, size=size), "line": 1, "claim_type": "professional",
        "quantity": 1.0, "paid": np.round(_PAID[family] * rng.lognormal(0, 0.12, size=size), 2), "modifier": None,
        "drg": None, "is_inpatient": (family < len(FOCUS)) & (rng.random(size) < 0.45),
    }).astype({"modifier": object, "drg": object})  # fmt: skip


def _delivery(processed: np.ndarray) -> np.ndarray:
    """Day of the first monthly delivery on or after the day of processing."""
    month = processed.astype("datetime64[M]")
    this = month.astype("datetime64[D]") + DELIVERY_DAY - 1
    return np.where(processed <= this, this, (month + 1).astype("datetime64[D]") + DELIVERY_DAY - 1)


def _diagnoses(rng: np.random.Generator, family: np.ndarray, arthritis: np.ndarray) -> np.ndarray:
    size = len(family)
    hip = np.where(arthritis, weighted(rng, ["M16.11", "M16.12", "M16.0"], [4, 4, 1], size),
                   weighted(rng, ["S72.001A", "M87.051"], [2, 1], size))  # fmt: skip
    knee = np.where(arthritis, weighted(rng, ["M17.11", "M1712", "M17.0"], [4, 4, 1], size),
                    weighted(rng, ["S83.241A", "M23.221"], [1, 1], size))  # fmt: skip
    return np.where(family == 0, hip, knee)


def _assistants(rng: np.random.Generator, lines: pd.DataFrame, people: People) -> pd.DataFrame:
    """Second lines of the same operation by an assistant: modifiers 80, 81, 82, AS."""
    assistants = np.flatnonzero(people.providers.kind.isin(["assistant", "orthopedic"]))
    assisted = lines[(lines.family < len(FOCUS)) & (rng.random(len(lines)) < 0.12)]
    modifier = weighted(rng, ["AS", "80", "82", "81"], [6, 3, 1, 1], len(assisted))
    who = assistants[rng.integers(0, len(assistants), size=len(assisted))] if len(assistants) else assisted.provider
    return assisted.assign(provider=who, line=2, modifier=modifier, paid=np.round(assisted.paid * 0.16, 2))


def _facility_bills(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    """Institutional claims of inpatient operations, with their DRG; the operating surgeon stands on them too."""
    bills = lines[lines.is_inpatient]
    severe = rng.random(len(bills)) < 0.08
    fracture = bills.diagnosis.str.startswith("S72").to_numpy()
    drg = np.where(fracture, np.where(severe, "521", "522"), np.where(severe, "469", "470"))
    paid = np.round(13_500 * rng.lognormal(0, 0.15, size=len(bills)) * np.where(severe, 1.5, 1.0), 2)
    return bills.assign(claim_type="institutional", drg=drg, code=None, paid=paid).astype({"code": object})


def _restatements(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    """Later deliveries of the same line: an adjusted amount, or a quantity of zero or below for a reversal."""
    again = lines[rng.random(len(lines)) < 0.035]
    size = len(again)
    later = (again.file_date.to_numpy().astype("datetime64[M]") + rng.integers(1, 5, size=size)).astype("datetime64[D]")
    is_void = rng.random(size) < 0.3
    quantity = np.where(is_void, rng.choice([0.0, -1.0], size=size), again.quantity)
    paid = np.where(
        is_void, np.where(quantity < 0, -again.paid, 0.0), np.round(again.paid * rng.uniform(0.8, 1.1, size=size), 2)
    )
    return again.assign(file_date=later + DELIVERY_DAY - 1, quantity=quantity, paid=paid)


def _as_published(people: People, lines: pd.DataFrame, name: str) -> pd.DataFrame:
    lines = lines.reset_index(drop=True)
    is_bill = (lines.claim_type == "institutional").to_numpy()
    facility = people.facilities.npi.to_numpy()[lines.site]
    is_office = lines.family.to_numpy() >= 3
    is_hospital = people.facilities.is_hospital.to_numpy()[lines.site]
    place = np.where(is_office, "11", np.where(lines.is_inpatient, "21", np.where(is_hospital, "22", "24")))
    return pd.DataFrame({
        "claim_id": lines.claim_id, "claim_line_number": lines.line, "claim_type": lines.claim_type,
        "person_id": numbered("P", lines.patient.to_numpy(), 8), "member_id": numbered("M", lines.patient.to_numpy(), 9),
        "payer": "Commonwealth Mutual", "plan": "PPO", "claim_start_date": lines.day, "claim_end_date": lines.day,
        "claim_line_start_date": lines.day, "claim_line_end_date": lines.day,
        "place_of_service_code": np.where(is_bill, None, place), "bill_type_code": np.where(is_bill, "111", None),
        "ms_drg_code": lines.drg, "revenue_center_code": np.where(is_bill, "0360", None),
        "service_unit_quantity": lines.quantity, "hcpcs_code": lines.code, "hcpcs_modifier_1": lines.modifier,
        "rendering_npi": people.providers.npi.to_numpy()[lines.provider],
        "billing_npi": np.where(is_bill, facility, people.facilities.practice_npi.to_numpy()[lines.practice]),
        "facility_npi": np.where(is_office, None, facility), "paid_date": lines.file_date, "paid_amount": lines.paid,
        "charge_amount": np.round(lines.paid * 2.2, 2), "diagnosis_code_type": "icd-10-cm", "diagnosis_code_1": lines.diagnosis,
        "diagnosis_code_2": np.where(lines.patient % 3 == 0, "I10", None), "data_source": "commonwealth",
        "file_name": name, "file_date": lines.file_date,
    })  # fmt: skip

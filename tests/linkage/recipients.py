"""Open Payments recipients without an NPI, of whom the truth is known: simulated years before 2021, and real rows whose NPI is hidden.

Belongs here: writing both and counting who was found again. Not here: what must hold (the tests).
"""

import csv
from pathlib import Path

from sample_world.behaviour import make_behaviour
from sample_world.contracts import make_contracts
from sample_world.geography import make_geography
from sample_world.payments import write_payments
from sample_world.people import make_people
from sample_world.volumes import make_volumes

from tests.linkage import linked
from tests.linkage.world import write_rows

EXCERPT = Path(__file__).parents[3] / "shared" / "data" / "open_payments" / "OP_DTL_GNRL_PGYR2024_P06302026_excerpt.csv"
PROFILE, NPI = "Covered_Recipient_Profile_ID", "Covered_Recipient_NPI"


def _read(path: Path) -> list[dict]:
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def write_simulated(landing: Path, seed: int, providers: int = 600) -> dict[str, str]:
    """The sample world's payments; who got each record of before 2021. The supplement lacks one profile in 25."""
    geography = make_geography(seed, max(8, providers // 25), max(3, providers // 125))
    people = make_people(seed, geography, providers)
    volumes, contracts = make_volumes(seed, people.providers, True), make_contracts(seed, people.facilities)
    folder = landing / "open_payments"
    folder.mkdir(parents=True, exist_ok=True)
    write_payments(seed, geography, people, make_behaviour(seed, people, volumes, contracts, True), folder)
    owner = dict(zip(people.providers.profile_id.astype(str), people.providers.npi, strict=True))
    for path in folder.glob("OP_DTL_GNRL_PGYR2024_*"):  # the year of the real excerpt
        path.unlink()
    return {
        row["Record_ID"]: str(owner[row["Physician_Profile_ID"]])
        for year in (2018, 2019, 2020)
        for path in folder.glob(f"OP_DTL_GNRL_PGYR{year}_*")
        for row in _read(path)
        if row["Physician_Profile_ID"]
    }


def write_excerpt(landing: Path) -> dict[str, str]:
    """The real rows of 2024, the NPI of each profile's first row hidden; whose NPI was hidden where."""
    rows, hidden, seen = _read(EXCERPT), {}, set()
    for row in rows:
        if row[NPI] and row[PROFILE] and row[PROFILE] not in seen:
            seen.add(row[PROFILE])
            hidden[row["Record_ID"]], row[NPI] = row[NPI], ""
    write_rows(landing / "open_payments" / EXCERPT.name, rows)
    return hidden


def rates(warehouse: Path, truth: dict[str, str]) -> tuple[float, float, int]:
    """Precision and recall over the records that came through the border, and how many those are."""
    told = {
        row["record_id"]: row["npi"]
        for row in linked.ask(
            warehouse,
            "select record_id, max_by(npi, superseded_on) as npi from intermediate.int_general_records group by record_id",
        )
        if row["record_id"] in truth
    }
    right = sum(npi == truth[record] for record, npi in told.items())
    return right / max(1, sum(npi is not None for npi in told.values())), right / max(1, len(told)), len(told)

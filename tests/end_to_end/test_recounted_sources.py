"""Claims, payments and affiliations of the sample night, counted again from the raw files and held against what was planted.

Nothing here is the product's code. Rows that the border sets apart are told by our own reading of their fault.
"""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from tests.end_to_end.recounted import has_check_digit, is_a_day, read


@pytest.fixture(scope="module")
def families(world) -> dict[str, str]:
    rows = read(world.landing / "company" / "procedure_families.csv")
    return {row.code: row.procedure_family for row in rows.itertuples() if row.code_system == "HCPCS"}


def test_claim_lines_by_provider_family_and_month_to_the_unit(first_night, claim_lines, families):
    lines = claim_lines.assign(family=claim_lines.hcpcs_code.map(families))
    expected = lines.dropna(subset=["family"]).groupby(["rendering_npi", "family", "month"]).quantity.sum().to_dict()
    found = first_night.query("""
        select npi, procedure_family, period_start, services from provider_procedures
        where claims_source = 'claim_lines' and services > 0
    """)
    assert len(expected) > 3000
    assert {(npi, family, month): services for npi, family, month, services in found} == expected


def test_volumes_are_those_that_were_planted(first_night, world):
    """Complete months of providers whom the claim feed covers: no procedure too many, and only reversed or spoilt lines are wanting."""
    planted = pd.read_parquet(world.truth / "volume_rates.parquet")
    planted["month"] = pd.to_datetime(planted.month).dt.date
    complete = date(world.as_of.year - 1, world.as_of.month, 1)
    found = {
        key: services
        for *key_parts, services in first_night.query("""
            select npi, procedure_family, period_start, services from provider_procedures where claims_source = 'claim_lines'
        """)
        if (key := tuple(key_parts))[2] < complete
    }
    true = {
        (npi, family, month): number
        for npi, family, month, number in planted[["npi", "procedure_family", "month", "procedures"]].itertuples(index=False, name=None)
        if number and month < complete
    }  # fmt: skip
    covered = {(npi, family) for npi, family, _ in found}
    true = {key: number for key, number in true.items() if key[:2] in covered}
    assert len(true) > 2000
    assert [key for key, services in found.items() if services > true.get(key, 0)] == []
    assert sum(found.values()) >= 0.97 * sum(true.values())


# What Open Payments calls each column, before 2021 and since.
PERSON = {"general": ("Covered_Recipient", "Physician"), "ownership": ("Physician", "Physician")}
MAKER = "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name"
KIND = {"GNRL": "general", "RSRCH": "research", "OWNRSHP": "ownership"}


@pytest.fixture(scope="module")
def payments(world) -> pd.DataFrame:
    """Every payment of the newest release of each year and kind, a row for each person who is named in it."""
    folder = world.landing / "open_payments"
    profiles = read(folder / "OP_CVRD_RCPNT_PRFL_SPLMTL_P06302026.csv")
    npi_of = dict(zip(profiles.Covered_Recipient_Profile_ID, profiles.Covered_Recipient_NPI, strict=True))
    newest: dict[tuple[str, str], Path] = {}
    for path in folder.glob("OP_DTL_*.csv"):
        _, _, kind, year, _ = path.stem.split("_")
        key = (KIND[kind], year.removeprefix("PGYR"))
        newest[key] = max(newest.get(key, path), path, key=lambda p: p.stem[-4:] + p.stem[-8:-4])
    assert any(path.stem.endswith("P01302026") for path in newest.values())
    releases = {key: read(path) for key, path in newest.items()}
    # A profile that the supplement leaves out is known by the payments that bear an NPI beside it, the newest year first.
    for (kind, _), table in sorted(releases.items(), key=lambda item: item[0][1], reverse=True):
        for who in people(kind):
            if f"{who}_NPI" in table:
                for profile, npi in zip(table[f"{who}_Profile_ID"], table[f"{who}_NPI"], strict=True):
                    if profile and npi:
                        npi_of.setdefault(profile, npi)
    rows = []
    for (kind, year), table in releases.items():
        table = table[table.Change_Type != "DELETED"].drop_duplicates("Record_ID")
        amount = "Total_Amount_Invested_USDollars" if kind == "ownership" else "Total_Amount_of_Payment_USDollars"
        for record in table.to_dict("records"):
            paid_on = record.get("Date_of_Payment")
            if not record[amount].replace(".", "").isdigit() or (paid_on and not is_a_day(paid_on)):
                continue  # the border sets it apart: no number, below zero, no such day
            named = {
                npi
                for who in people(kind)
                if (npi := record.get(f"{who}_NPI") or npi_of.get(record.get(f"{who}_Profile_ID")))
            }
            nature = record.get("Nature_of_Payment_or_Transfer_of_Value") or kind
            count = int(record.get("Number_of_Payments_Included_in_Total_Amount") or 1)
            rows += [
                (
                    npi,
                    record[MAKER],
                    int(year),
                    nature,
                    count,
                    Decimal(record[amount]),
                    record["Dispute_Status_for_Publication"],
                )
                for npi in named
                if has_check_digit(npi)
            ]
    return pd.DataFrame(rows, columns=["npi", "maker", "year", "nature", "count", "usd", "disputed"])


def people(kind: str) -> list[str]:
    if kind == "research":
        who = ["Covered_Recipient", "Physician", *(f"Principal_Investigator_{place}" for place in range(1, 6))]
        return who + [f"Principal_Investigator_{place}_Covered_Recipient" for place in range(1, 6)]
    return list(PERSON[kind])


def test_payments_of_all_kinds_to_the_cent(first_night, world, payments):
    makers = read(world.landing / "company" / "manufacturers.csv").set_index("open_payments_name")
    told = payments[payments.disputed != "Yes"]
    expected: dict = defaultdict(lambda: [0, Decimal(0)])
    for row in told.itertuples():
        relation = makers.relation.get(row.maker, "other")
        total = expected[row.npi, makers.manufacturer.get(row.maker, row.maker), row.year, row.nature, relation]
        total[0] += row.count
        total[1] += row.usd
    found = first_night.query(
        "select npi, manufacturer, payment_year, nature, relation, payments, amount_usd from provider_payments"
    )
    assert {key[3] for key in expected} >= {"research", "ownership"}
    assert len(expected) > 1000
    assert {tuple(key): [count, Decimal(str(round(usd, 2)))] for *key, count, usd in found} == expected


def test_affiliations_begin_and_end_with_the_copies_that_tell_them(first_night, world):
    copies = {}
    for path in sorted((world.landing / "registry").glob("Facility_Affiliation_*.csv")):
        rows = read(path)
        facility = rows["Facility Affiliations Certification Number"].str.zfill(6)
        copies[date.fromisoformat(path.stem[-10:])] = set(zip(rows.NPI, facility, strict=True))
    days = sorted(copies)
    expected = set()
    for pair in set().union(*copies.values()):
        since = None
        for day in days:
            if pair in copies[day] and since is None:
                since = day
            elif pair not in copies[day] and since is not None:
                expected.add((*pair, since, day - pd.Timedelta(days=1)))
                since = None
        if since is not None:
            expected.add((*pair, since, None))
    found = first_night.query("select npi, facility_id, valid_from, valid_to from provider_affiliations")
    assert len(expected) > 200
    assert Counter(found) == Counter(expected)


def test_movers_stand_at_their_new_facility(first_night, world):
    moves = pd.read_parquet(world.truth / "moves.parquet")
    moves = moves[pd.to_datetime(moves.moved_in) < pd.Timestamp(world.as_of) - pd.DateOffset(months=6)]
    hospitals = {row[0] for row in first_night.query("select distinct facility_id from provider_affiliations")}
    stays = {(npi, facility): (since, until) for npi, facility, since, until in first_night.query(
        "select npi, facility_id, valid_from, valid_to from provider_affiliations order by valid_from")}  # fmt: skip
    seen = 0
    for move in moves.itertuples():
        if move.to_facility in hospitals and (move.npi, move.to_facility) in stays:
            since, until = stays[move.npi, move.to_facility]
            seen += 1
            assert until is None
            assert since >= date(2024, 6, 1)
    assert seen


def test_payments_by_relation_to_the_cent(first_night, world, payments):
    """Research and ownership stand apart; the top manufacturer is whoever paid most without them."""
    makers = read(world.landing / "company" / "manufacturers.csv").set_index("open_payments_name")
    told = payments[payments.disputed != "Yes"]
    sums: dict = defaultdict(
        lambda: defaultdict(lambda: {"general": Decimal(0), "research": Decimal(0), "ownership": Decimal(0)})
    )
    counts: Counter = Counter()
    for row in told.itertuples():
        key = (row.npi, row.year, makers.relation.get(row.maker, "other"))
        kind = row.nature if row.nature in ("research", "ownership") else "general"
        sums[key][makers.manufacturer.get(row.maker, row.maker)][kind] += row.usd
        counts[key] += row.count if kind == "general" else 0
    found = first_night.query("""
        select npi, payment_year, relation, manufacturers, general_payments, general_usd, research_usd, ownership_usd,
            top_manufacturer, top_manufacturer_share
        from provider_payment_relations
    """)
    assert len(found) == len(sums) > 500
    for npi, year, relation, manufacturers, payments_counted, general, research, ownership, top, share in found:
        by_maker = sums[npi, year, relation]
        expected = {
            kind: sum(paid[kind] for paid in by_maker.values()) for kind in ("general", "research", "ownership")
        }
        told_usd = [Decimal(str(round(usd, 2))) for usd in (general, research, ownership)]
        assert told_usd == [expected["general"], expected["research"], expected["ownership"]]
        assert (manufacturers, payments_counted) == (len(by_maker), counts[npi, year, relation])
        most = max(paid["general"] for paid in by_maker.values())
        assert by_maker[top]["general"] == most
        assert share == (pytest.approx(float(most / expected["general"])) if expected["general"] else None)


def test_moves_lie_between_two_copies_of_the_affiliations(first_night, world):
    """Who left one facility and joined another between two copies has moved; what the first copy tells is no change."""
    copies = {}
    for path in (world.landing / "registry").glob("Facility_Affiliation_*.csv"):
        rows = read(path)
        facility = rows["Facility Affiliations Certification Number"].str.zfill(6)
        copies[date.fromisoformat(path.stem[-10:])] = set(zip(rows.NPI, facility, strict=True))
    expected: Counter = Counter()
    days = sorted(copies)
    seen = set(copies[days[0]])
    for before, day in pairwise(days):
        come, gone = sorted(copies[day] - copies[before]), sorted(copies[before] - copies[day])
        for npi in {npi for npi, _ in come + gone}:
            origins = [facility for who, facility in gone if who == npi]
            targets = [facility for who, facility in come if who == npi]
            for place in range(max(len(origins), len(targets))):
                origin, target = (side[place] if place < len(side) else None for side in (origins, targets))
                kind = "joined" if origin is None else "left" if target is None else "moved"
                expected[npi, kind, origin, target, day, (npi, target) in seen] += 1
        seen |= copies[day]
    found = first_night.query(
        "select npi, kind, from_facility_id, to_facility_id, changed_on, is_return from provider_moves"
    )
    assert {kind for _, kind, *_ in expected} == {"joined", "left", "moved"}
    assert Counter(found) == expected

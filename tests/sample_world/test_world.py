"""The world is reproducible, sealed, honest about its dates, and holds what it plants."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sample_world
from sample_world.identifiers import check_digits, is_valid_npi, salesforce_ids
from sample_world.streams import stream

AS_OF = "2026-06-30"


def read(path: Path, **options) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, **options)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(world, tmp_path):
    again = sample_world.write(tmp_path / "again" / "landing", providers=240)
    assert digests(again.landing.parent) == digests(world.landing.parent)
    other = sample_world.write(tmp_path / "other" / "landing", providers=240, seed=8)
    event = "crm/salesforce/Event.csv"
    assert (other.landing / event).read_bytes() != (world.landing / event).read_bytes()


def test_a_named_part_draws_the_same_whatever_else_is_drawn():
    first = stream(7, "orders").random(3)
    stream(7, "some new part").random(100)
    assert np.array_equal(first, stream(7, "orders").random(3))
    assert not np.array_equal(first, stream(7, "order").random(3))


def test_as_of_and_truth_lie_outside_the_landing_zone(world):
    assert (world.landing.parent / "as_of").read_text().strip() == AS_OF
    assert world.truth == world.landing.parent / "truth"
    assert {p.name for p in world.landing.iterdir()} == {
        "company", "claims", "open_payments", "registry", "crm", "publications"
    }  # fmt: skip


def test_nothing_in_the_crm_was_recorded_after_as_of(crm):
    for path in crm.glob("*.csv"):
        table = read(path, encoding="cp1252" if path.stem == "Account" else "utf-8-sig")
        for column in {"CreatedDate", "LastModifiedDate", "Submitted_On__c", "Observed_On__c", "EffectiveDate"} & set(
            table
        ):
            assert table[column].str[:10].max() <= AS_OF, (path.name, column)


def test_visits_planned_after_as_of_are_not_yet_held(crm):
    event = read(crm / "Event.csv")
    ahead = event[event.StartDateTime.str[:10] > AS_OF]
    assert len(ahead) > 0
    assert set(ahead.Status) == {"Planned"}


def test_npis_pass_their_check_but_for_the_planted_few(world):
    nppes = read(next((world.landing / "registry").glob("npidata*")), usecols=["NPI"])
    assert nppes.NPI.map(is_valid_npi).all()
    doctors = read(world.landing / "registry" / "DAC_NationalDownloadableFile.csv").NPI.map(is_valid_npi)
    assert 0.95 < doctors.mean() < 1


def test_published_check_digits_and_id_suffixes_are_known_ones():
    assert is_valid_npi("1234567893")
    assert not is_valid_npi("1234567890")
    assert check_digits(np.array([167957672]))[0] == 2
    assert all(len(i) == 18 for i in salesforce_ids("Account", 70))
    assert len({i[:15] for i in salesforce_ids("Event", 5000)}) == 5000


def test_order_items_sum_to_their_orders(crm):
    order, item = pd.read_csv(crm / "Order.csv"), pd.read_csv(crm / "OrderItem.csv")
    total = (item.Quantity * item.UnitPrice).groupby(item.OrderId).sum()
    assert np.allclose(order.set_index("Id").TotalAmount, total.reindex(order.Id), atol=0.01)
    assert {"Activated", "Draft", "Cancelled"} == set(order.Status)


def test_first_activated_orders_are_the_true_adoptions(world, crm):
    link = pd.read_parquet(world.truth / "contact_links.parquet").set_index("contact_id").npi
    order = read(crm / "Order.csv")
    order = order[order.Status == "Activated"]
    first = order.groupby(link.reindex(order.Surgeon__c).to_numpy()).EffectiveDate.min()
    truth = pd.read_parquet(world.truth / "first_orders.parquet").set_index("npi").first_order_on.astype(str)
    assert (truth > AS_OF).any()
    assert first.to_dict() == truth[truth <= AS_OF].to_dict()


def test_open_deals_are_sealed_with_their_outcome(world, crm):
    deal = read(crm / "Opportunity.csv")
    truth = pd.read_parquet(world.truth / "deal_outcomes.parquet")
    still_open = truth[truth.is_open_at_as_of]
    assert set(deal[deal.IsClosed == "false"].Id) == set(still_open.opportunity_id)
    assert (still_open.closed_on.dropna().astype(str) > AS_OF).all()
    assert abs(still_open.win_probability.mean() - still_open.is_won.mean()) < 0.2
    stated = deal[deal.IsClosed == "false"].Probability.astype(float).mean() / 100
    assert stated > still_open.win_probability.mean()


def test_risers_are_planted_and_most_are_uncalled(world):
    change = pd.read_parquet(world.truth / "risers.parquet")
    riser = change[change.is_riser]
    assert len(riser) >= 4
    assert riser.rate_ratio.between(1.6, 3.2).all()
    assert riser.is_uncalled.mean() > 0.5


def test_risers_show_in_the_true_rates(world):
    rate = pd.read_parquet(world.truth / "volume_rates.parquet").assign(month=lambda t: t.month.astype(str))
    riser = pd.read_parquet(world.truth / "risers.parquet").query("is_riser")
    both = rate.merge(riser[["npi", "procedure_family"]], on=["npi", "procedure_family"])
    by_month = both.groupby("month").rate.sum()
    assert by_month["2026-05-01"] > 1.4 * by_month["2025-05-01"]


def test_newest_claim_months_are_incomplete_and_some_lines_are_reversed(world):
    parts = [pd.read_parquet(p) for p in sorted((world.landing / "claims").glob("medical_claim*.parquet"))]
    line = pd.concat(parts).query("claim_type == 'professional'")
    month = pd.to_datetime(line.claim_line_start_date).dt.strftime("%Y-%m")
    known = line.groupby(month).size()
    assert known["2026-06"] < 0.6 * known["2026-03"]
    assert (line.service_unit_quantity <= 0).any()
    assert line.hcpcs_modifier_1.isin(["80", "AS"]).any()
    assert line.duplicated(["claim_id", "claim_line_number"]).any()


def test_public_files_hide_fewer_than_eleven_patients(world):
    table = read(next((world.landing / "claims").glob("*_D24_*")))
    patients = pd.to_numeric(table.Tot_Benes, errors="coerce")
    assert patients.min() >= 11
    assert (table.Tot_Benes == "*").any()


def test_two_releases_of_a_year_differ(world):
    first, second = (read(p) for p in sorted((world.landing / "open_payments").glob("*GNRL_PGYR2024_P*"), reverse=True))
    assert len(first) < len(second)
    assert set(first.Record_ID) < set(second.Record_ID)


def test_movers_change_their_hospital_between_snapshots(world):
    name = "Facility Affiliations Certification Number"
    snapshots = [read(p) for p in sorted((world.landing / "registry").glob("Facility_Affiliation_*.csv"))]
    assert len(snapshots) >= 4
    moved = pd.read_parquet(world.truth / "moves.parquet")
    old, new = (s.groupby("NPI")[name].agg(set) for s in (snapshots[0], snapshots[-1]))
    both = [npi for npi in moved.npi if npi in old.index and npi in new.index]
    assert any(old[npi] != new[npi] for npi in both)


def test_crm_text_is_hostile_and_npis_are_often_missing(crm):
    subjects = " ".join(read(crm / "Event.csv").Subject.dropna().unique())
    assert "=cmd" in subjects or "<script>" in subjects or "\n" in subjects
    recorded = read(crm / "Contact.csv", encoding="utf-8-sig").NPI__c
    assert 0.2 < recorded.isna().mean() < 0.8
    assert not recorded.dropna().map(is_valid_npi).all()


def test_a_zip_changes_hands_and_an_overlay_lies_over_a_region(world):
    table = read(world.landing / "company" / "territory_alignment.csv")
    primary = table[table.kind == "primary"]
    split = primary[primary.zip5.duplicated(keep=False)]
    assert len(split) == 2
    assert split.valid_to.notna().sum() == 1
    assert set(table[table.kind == "overlay"].territory_id) == {"ROBOTICS"}


def test_a_world_without_signal_foretells_nothing(tmp_path):
    flat = sample_world.write(tmp_path / "landing", providers=240, signal=False)
    assert pd.read_parquet(flat.truth / "risers.parquet").empty
    hazard = pd.read_parquet(flat.truth / "adoption_hazard.parquet").hazard
    assert hazard[hazard > 0].nunique() == 1


@pytest.mark.parametrize("fraction", [0.0002])
def test_a_sliver_of_the_nation_keeps_the_layouts(tmp_path, fraction):
    report = sample_world.write(tmp_path / "landing", "nation", providers=200, fraction=fraction)
    nppes = read(next((report.landing / "registry").glob("npidata*")))
    assert nppes.shape[1] == 330
    assert len(nppes) > 500
    assert nppes.NPI.map(is_valid_npi).all()
    assert not nppes.NPI.duplicated().any()
    service = read(next((report.landing / "claims").glob("*_D24_*")))
    assert service.shape[1] == 28
    assert service[service.Rndrng_NPI.str.startswith("2")].Rndrng_NPI.nunique() == 300
    assert read(next((report.landing / "open_payments").glob("*GNRL_PGYR2025*"))).shape[1] == 91
    bulk = [pd.read_parquet(p) for p in (report.landing / "claims").glob("*national*.parquet")]
    assert {len(b) for b in bulk} == {30 * 7}
    assert report.counts["nppes"] == len(nppes)

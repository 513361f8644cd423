"""Inpatient stays, Part D, research and ownership as fetched: the border takes each as the table and year that it is."""

import pytest

from tests.fetch.conftest import Remote, border_of
from tests.ingest import test_public_sources as rows

CATALOGUE = {
    "inpatient": (
        "690ddc6c-2767-4618-b277-420ffb2bf27c",
        "Medicare Inpatient Hospitals - by Provider and Service",
        "MUP_IHP_RY24_P03_V10_DY22_PRVSVC.CSV",
        rows.with_good(rows.INPATIENT, rows.INPATIENT_ROW),
    ),
    "part-d": (
        "9552739e-3d05-4c1b-8eff-ecabf391e2e5",
        "Medicare Part D Prescribers - by Provider and Drug",
        "MUP_DPR_RY24_P04_V10_DY22_NPIBN.csv",
        rows.with_good(rows.PART_D, rows.PART_D_ROW),
    ),
}
PAYMENTS = {
    "research": ("2023 Research Payment Data", "OP_DTL_RSRCH_PGYR2023_P06302026_06032026.csv",
                 rows.with_good(rows.RESEARCH, rows.RESEARCH_ROW)),
    "ownership": ("2023 Ownership Payment Data", "OP_DTL_OWNRSHP_PGYR2023_P06302026_06032026.csv",
                  rows.with_good(rows.OWNERSHIP, rows.OWNERSHIP_ROW)),
}  # fmt: skip


def crossed(landing, house, source: str, table: str) -> list[tuple]:
    border = border_of(landing, house)
    taken = border.take(source)
    assert not {**taken.refused, **taken.unrecognised, **taken.quarantined}
    return border.ask("select count(*), min(_period), max(_period) from {}", f"{source}/{table}")


@pytest.mark.parametrize("kind", CATALOGUE)
def test_the_border_takes_fetched_volume(fetch, landing, publisher, tmp_path_factory, kind):
    uuid, title, name, content = CATALOGUE[kind]
    record = publisher.physicians(2022, name) | {
        "identifier": publisher.url(f"/data-api/v1/dataset/{uuid}/data-viewer"),
        "title": title,
    }
    publisher.catalogue(record)
    publisher.serve(f"/files/{name}", Remote(content.encode()))
    result = fetch("cms", "--kinds", kind, "--years", "2022")
    assert result.exit_code == 0, result.output
    table = kind.replace("-", "_")
    assert crossed(landing, tmp_path_factory.mktemp("house"), "claims", table) == [(60, 2022, 2022)]


@pytest.mark.parametrize("kind", PAYMENTS)
def test_the_border_takes_fetched_payments(fetch, landing, publisher, tmp_path_factory, kind):
    title, name, content = PAYMENTS[kind]
    data = {"@type": "dcat:Distribution", "downloadURL": publisher.url(f"/op/{name}"), "mediaType": "text/csv"}
    publisher.server.expect_request("/items").respond_with_json([
        {"title": title, "modified": "2026-06-30", "distribution": [data]}
    ])  # fmt: skip
    publisher.serve(f"/op/{name}", Remote(content.encode()))
    result = fetch("open-payments", "--kinds", kind, "--years", "2023")
    assert result.exit_code == 0, result.output
    assert crossed(landing, tmp_path_factory.mktemp("house"), "open_payments", kind) == [(60, 2023, 2023)]

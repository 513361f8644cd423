"""What the publishers' file names tell."""

from datetime import date

import pytest

from dagster_project.ingest.names import Told, read_path


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("claims/MUP_PHY_R24_P05_V10_D22_Prov_Svc.csv", (2022, "2024.05.10", None)),
        ("claims/MUP_PHY_RY26_P03_V10_DY24_Prov_Svc.csv", (2024, "2026.03.10", None)),
        ("claims/Medicare_Provider_Util_Payment_PUF_CY2015.txt", (2015, None, None)),
        ("claims/year=2019/part-1.csv", (2019, None, None)),
        ("claims/year=2019/MUP_PHY_R24_D22.csv", (2022, "2024", None)),
        ("open_payments/OP_DTL_GNRL_PGYR2023_P01302025_01212025.csv", (2023, "20250130", date(2025, 1, 30))),
        ("registry/npidata_pfile_20050523-20250608.csv", (None, "20250608", date(2025, 6, 8))),
        ("registry/snapshot_date=2025-06-01/DAC_NationalDownloadableFile.csv", (None, "20250601", date(2025, 6, 1))),
        ("registry/Facility_Affiliation_2025-02-30.csv", (None, None, None)),
        ("registry/physician-shared-patient-patterns-2015-days180.txt", (None, "180", None)),
        ("crm/salesforce/Account.csv", (None, None, None)),
    ],
)
def test_a_path_tells_year_release_and_day(path, told):
    found = read_path(path)
    assert (found.period, found.release, found.released_on) == told
    assert isinstance(found, Told)

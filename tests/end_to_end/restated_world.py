"""The sample world with everything that sources restate: what was known on a past day differs from what is known now.

Belongs here: one late or corrected delivery of each kind, made from the sample's own files. Not here: when each became known
(`as_it_lay`), what must not change by it (`test_replay`).
"""

import os
import shutil
from pathlib import Path

import pandas as pd

NPI, ZIP5 = "NPI", "Provider Business Practice Location Address Postal Code"


def read(path: Path, **options) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, **options)


def restate(sample: Path, landing: Path) -> Path:
    """Copy `sample` to `landing` and add the deliveries that correct it."""
    shutil.copytree(sample, landing, copy_function=os.link)
    for folder, correct in (
        ("registry", _registry),
        ("claims", _claims),
        ("claims", _public_year),
        ("open_payments", _payments),
        ("company", _company),
    ):
        correct(landing / folder)
    return landing


def _registry(folder: Path) -> None:
    """Earlier copies of each register: people who moved, changed their specialty or were not there yet; a second year of shared patients."""
    newest = read(folder / "npidata_pfile_20050523-20260607.csv")
    old = newest[newest.index % 23 != 4].copy()
    persons = old.index[old["Entity Type Code"] == "1"]
    moved = persons[persons % 7 == 2]
    old.loc[moved, ZIP5] = old.loc[moved[::-1], ZIP5].to_numpy()
    old.loc[persons[persons % 31 == 5], "NPI Deactivation Date"] = "11/03/2023"
    old.loc[persons[persons % 31 == 5], "NPI Reactivation Date"] = ""
    old.to_csv(folder / "npidata_pfile_20050523-20240211.csv", index=False)
    again = newest.copy()
    gone = again.index[(again["Entity Type Code"] == "1") & (again.index % 37 == 9)]
    again.loc[gone, "NPI Deactivation Date"] = "09/20/2025"
    again.to_csv(folder / "npidata_pfile_20050523-20251012.csv", index=False)

    # A copy that tells no day would be known tonight alone: when it came nobody can tell.
    clinicians_then = folder / "DAC_NationalDownloadableFile_2025-07-20.csv"
    (folder / "DAC_NationalDownloadableFile.csv").rename(clinicians_then)
    clinicians = read(clinicians_then)
    earlier = clinicians[clinicians.index % 11 != 3].copy()
    changed = earlier.index % 5 == 1
    earlier.loc[changed, "pri_spec"] = earlier.pri_spec.iloc[::-1].to_numpy()[changed]
    earlier.to_csv(folder / "DAC_NationalDownloadableFile_2024-08-01.csv", index=False)

    hospitals = read(folder / "Hospital_General_Information.csv")
    hospitals["Facility Name"] = "OLD " + hospitals["Facility Name"]
    hospitals.iloc[1:].to_csv(folder / "Hospital_General_Information_2024-04-01.csv", index=False)

    shared = read(folder / "physician_shared_patient_patterns_2022_days30.txt", header=None)
    shared = shared.iloc[::2].assign(**{"1": shared[1].iloc[::-1].to_numpy()[::2]}).drop(columns=1)
    shared[[0, "1", 2, 3, 4]].to_csv(
        folder / "physician_shared_patient_patterns_2023_days30.txt", header=False, index=False
    )


def _claims(folder: Path) -> None:
    """A late file: years that nobody had delivered yet, and lines restated in code, surgeon, day and quantity."""
    lines = read(folder / "medical_claim_20240325.csv")
    lines = lines[lines.claim_type == "professional"].reset_index(drop=True)
    before = lines.iloc[: len(lines) // 2].copy()
    before["claim_id"] = "OLD" + before.claim_id
    for column in ("claim_start_date", "claim_end_date", "claim_line_start_date", "claim_line_end_date"):
        if column in before:
            before[column] = before[column].str.replace("2024", "2021").str.replace("2023", "2020")
    restated = lines.iloc[len(lines) // 2 :].copy()
    row = restated.index.to_numpy()
    restated.loc[row % 5 == 0, "hcpcs_code"] = "20611"
    restated.loc[row % 5 == 1, "rendering_npi"] = restated.rendering_npi.iloc[::-1].to_numpy()[row % 5 == 1]
    restated.loc[row % 5 == 2, "claim_line_start_date"] = "2023-02-14"
    restated.loc[row % 5 == 3, "service_unit_quantity"] = "0"
    late = pd.concat([before, restated]).assign(file_date="2025-09-10")
    late.to_csv(folder / "medical_claim_20250910.csv", index=False)


def _public_year(folder: Path) -> None:
    """A year published once more, two years later, with other numbers."""
    year = read(folder / "MUP_PHY_R25_P07_V10_D23_Prov_Svc.csv").iloc[::2]
    services = pd.to_numeric(year.Tot_Srvcs, errors="coerce")
    year["Tot_Srvcs"] = (services + 40).astype("Int64").astype(str).mask(services.isna(), year.Tot_Srvcs)
    year.to_csv(folder / "MUP_PHY_R26_P07_V20_D23_Prov_Svc.csv", index=False)


def _payments(folder: Path) -> None:
    """An earlier supplement that gives some profiles to other people, and a January release that deletes and changes."""
    profiles = read(folder / "OP_CVRD_RCPNT_PRFL_SPLMTL_P06302026.csv")
    others = profiles.index % 9 == 4
    profiles.loc[others, "Covered_Recipient_NPI"] = profiles.Covered_Recipient_NPI.iloc[::-1].to_numpy()[others]
    profiles.to_csv(folder / "OP_CVRD_RCPNT_PRFL_SPLMTL_P06302024.csv", index=False)
    release = read(folder / "OP_DTL_GNRL_PGYR2023_P06302024.csv")
    deleted, amount = release.index % 6 == 1, "Total_Amount_of_Payment_USDollars"
    release.loc[deleted, "Change_Type"] = "DELETED"
    is_number = release[amount].str.fullmatch(r"\d+(\.\d+)?")
    changed = is_number & (release.index % 6 == 2)
    release.loc[changed, amount] = "1" + release.loc[changed, amount]
    release["Payment_Publication_Date"] = "01/30/2025"
    release.drop(release.index[release.index % 6 == 3]).to_csv(
        folder / "OP_DTL_GNRL_PGYR2023_P01302025.csv", index=False
    )


def _company(folder: Path) -> None:
    """Half of one territory's ZIPs go to another on 1 March 2025."""
    path = folder / "territory_alignment.csv"
    rows = read(path)
    primary = rows[rows.kind == "primary"]
    first, second = primary.territory_id.unique()[:2]
    going = primary.index[primary.territory_id == first][::2]
    taken = primary.loc[going].assign(territory_id=second, valid_from="2025-03-01")
    rows.loc[going, "valid_to"] = "2025-02-28"
    path.unlink()  # it is a link to the sample's file
    pd.concat([rows, taken]).to_csv(path, index=False)

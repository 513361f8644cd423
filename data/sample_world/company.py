"""The company itself: its families, makers, stages, alignment and restrictions, as it keeps them by hand.

Constants of the fictitious company live here; they shape only this world, never the product.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world.clock import FISCAL_YEAR_START_MONTH
from sample_world.files import write_csv
from sample_world.geography import Geography
from sample_world.streams import stream

OWN = "Meridian Orthopaedics"
COMPETITORS = ("Strydane", "Zenith Biometrics", "DeValle Synthex", "Smythe & Nevin")
OPEN_PAYMENTS_NAMES = {
    "Meridian Orthopaedics, Inc.": (OWN, "own"), "Meridian Joint Replacement LLC": (OWN, "own"),
    "Strydane Corporation": ("Strydane", "competitor"), "Strydane Sales Inc": ("Strydane", "competitor"),
    "Zenith Biometrics Holdings, Inc.": ("Zenith Biometrics", "competitor"),
    "DeValle Synthex Products, Inc.": ("DeValle Synthex", "competitor"),
    "Smythe & Nevin, Inc.": ("Smythe & Nevin", "competitor"),
    "Palloran Pharmaceuticals LP": ("Palloran", "other"), "Ferro Biologics Inc.": ("Ferro Biologics", "other"),
}  # fmt: skip
REVENUE = {"hip_replacement": 5200, "knee_replacement": 4800}
HCPCS = {
    "hip_replacement": [("27130", 0.86), ("27132", 0.04), ("27134", 0.06), ("27137", 0.02), ("27138", 0.02)],
    "knee_replacement": [("27447", 0.89), ("27446", 0.05), ("27486", 0.02), ("27487", 0.04)],
    "knee_arthroscopy": [("29881", 0.62), ("29880", 0.38)],
    "joint_injection": [("20610", 0.8), ("20611", 0.2)],
}
DRG = {"hip_replacement": ("521", "522"), "knee_replacement": ("469", "470")}
DIAGNOSES = {"osteoarthritis_hip": ["M16"], "osteoarthritis_knee": ["M17"], "inflammatory_arthritis": ["M05", "M06.9"]}
DRUGS = {"clot_prevention": ["Apixaban", "Rivaroxaban"]}
STAGES = pd.DataFrame(
    [
        ("Qualified", 1, "Prospecting", "false", "false", 25, "Surgeon and volume known", 30),
        ("Evaluation", 2, "Product Evaluation", "false", "false", 50, "Surgeon agreed to evaluate", 45),
        ("Trial", 3, "Surgeon Trial", "false", "false", 70, "First trial case held", 45),
        ("Value analysis", 4, "Value Analysis", "false", "false", 85, "Committee date set", 60),
        ("Contracting", 5, "Negotiation/Contracting", "false", "false", 95, "Terms with procurement", 30),
        ("Won", 6, "Closed Won", "true", "true", 100, "Signed", 0),
        ("Lost", 7, "Closed Lost", "true", "false", 0, "Lost or withdrawn", 0),
    ],
    columns=["stage", "stage_order", "crm_stage_name", "is_closed", "is_won", "stated_probability", "exit_criterion",
             "expected_days"],
)  # fmt: skip


def write_company(seed: int, geography: Geography, npis: np.ndarray, facility_ids: list[str], folder: Path) -> None:
    """Write every file of `company/`."""
    _write_settings(folder / "company.yml")
    write_csv(folder / "procedure_families.csv", _procedure_families())
    makers = [(maker, name, relation) for name, (maker, relation) in OPEN_PAYMENTS_NAMES.items()]
    write_csv(
        folder / "manufacturers.csv", pd.DataFrame(makers, columns=["manufacturer", "open_payments_name", "relation"])
    )
    write_csv(folder / "pipeline_stages.csv", STAGES)
    write_csv(folder / "territory_alignment.csv", make_alignment(geography))
    write_csv(folder / "restrictions.csv", _restrictions(seed, npis, facility_ids))


def make_alignment(geography: Geography) -> pd.DataFrame:
    """Primary territories of all ZIPs but one, a ZIP that changed hands, and an overlay over the first region."""
    territories = geography.territories
    zips = geography.zips
    served = territories.territory_id.to_numpy()[zips.territory]
    primary = pd.DataFrame({
        "zip5": zips.zip5, "territory_id": served, "kind": "primary", "valid_from": "2021-05-01", "valid_to": None,
    }).astype({"valid_to": object})  # fmt: skip
    split = int(np.flatnonzero(np.isin(np.arange(len(zips)), geography.hubs))[0])
    other = territories.territory_id.iloc[(int(zips.territory.iloc[split]) + 1) % len(territories)]
    before = primary.iloc[[split]].assign(territory_id=other, valid_to="2025-04-30")
    primary.loc[split, "valid_from"] = "2025-05-01"
    unserved = len(zips) - 1 if split != len(zips) - 1 else 0
    in_first_region = territories.region_id.to_numpy()[zips.territory] == "R1"
    overlay = primary[in_first_region].assign(
        territory_id="ROBOTICS", kind="overlay", valid_from="2024-05-01", valid_to=None
    )
    return pd.concat([primary.drop(index=unserved), before, overlay], ignore_index=True).astype({"valid_to": object})


def _write_settings(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    own = "".join(f"  - {name}\n" for name, (maker, _) in OPEN_PAYMENTS_NAMES.items() if maker == OWN)
    path.write_text(
        f"name: {OWN}\nown_manufacturers:\n{own}currency: USD\ntimezone: America/New_York\n"
        f"fiscal_year_start_month: {FISCAL_YEAR_START_MONTH}\nadoption_horizon_days: 180\nforecast_horizon_quarters: 2\n"
        "rep_annual_cost_usd: 220000\ncalls_per_rep_per_week: 14\nplanned_notice_days: 3\ncell_suppression_minimum: 11\n"
        "publication_lags_days:\n  cms_claims: 510\n  open_payments: 180\n  claim_lines: 60\n",
        encoding="utf-8",
    )


def _procedure_families() -> pd.DataFrame:
    rows = [(f, "HCPCS", code, f in REVENUE, REVENUE.get(f)) for f, codes in HCPCS.items() for code, _ in codes]
    rows += [(f, "MS-DRG", code, True, REVENUE[f]) for f, codes in DRG.items() for code in codes]
    rows += [(f, "ICD-10-CM", code, False, None) for f, codes in DIAGNOSES.items() for code in codes]
    rows += [(f, "GENERIC-NAME", code, False, None) for f, codes in DRUGS.items() for code in codes]
    table = pd.DataFrame(
        rows, columns=["procedure_family", "code_system", "code", "is_focus", "revenue_per_procedure_usd"]
    )
    return table.assign(is_focus=np.where(table.is_focus, "true", "false"))


def _restrictions(seed: int, npis: np.ndarray, facility_ids: list[str]) -> pd.DataFrame:
    rng = stream(seed, "restrictions")
    people = rng.choice(npis, size=min(9, len(npis)), replace=False)
    lists = ["NO_CONTACT", "NO_SEE", "PDRP"]
    rows = [(npi, None, lists[k % 3], "2025-02-01", "2025-12-31" if k == 8 else None) for k, npi in enumerate(people)]
    rows.append((None, facility_ids[0], "SYSTEM_CLOSED", "2025-09-01", None))
    return pd.DataFrame(rows, columns=["npi", "facility_id", "list", "effective_from", "effective_to"]).astype(object)

"""CMS Part D Prescribers by Provider and Drug: one row a prescriber and drug (brand and generic name) in a year.

CMS leaves out whoever wrote fewer than eleven claims of a drug, and leaves fewer than eleven patients blank.
"""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import CENSORED_COUNT, CODE, NPI, TEXT, amount
from dagster_project.ingest.thresholds import Threshold, holds

_QUANTITY = amount(18, 3, is_suppressible=True)

_COLUMNS = (
    Column("prscrbr_npi", NPI, is_key=True),
    Column("prscrbr_last_org_name", TEXT),
    Column("prscrbr_first_name", TEXT),
    Column("prscrbr_city", TEXT),
    Column("prscrbr_state_abrvtn", CODE),
    Column("prscrbr_type", TEXT),
    Column("brnd_name", TEXT, is_key=True),
    Column("gnrc_name", TEXT, is_key=True),
    Column("tot_clms", CENSORED_COUNT),
    Column("tot_30day_fills", _QUANTITY),
    Column("tot_day_suply", CENSORED_COUNT),
    Column("tot_drug_cst", _QUANTITY),
    Column("tot_benes", CENSORED_COUNT),
)
_NEEDED = ("prscrbr_npi", "brnd_name", "gnrc_name", "tot_clms", "tot_drug_cst")

PART_D = Contract(
    table="part_d",
    fresh=Freshness(
        920, "a year of prescriptions is published about 17 months after its end, the next one a year later"
    ),
    columns=_COLUMNS,
    pattern=r"mup_dpr|partd_prescriber|part_d_prescriber",
    layouts=(
        Layout("data.cms.gov since 2021", {c.name: c.name for c in _COLUMNS}, _NEEDED),
        Layout(
            "prescriber public use file of 2013 to 2018",
            {
                "prscrbr_npi": "npi",
                "prscrbr_last_org_name": "nppes_provider_last_org_name",
                "prscrbr_first_name": "nppes_provider_first_name",
                "prscrbr_city": "nppes_provider_city",
                "prscrbr_state_abrvtn": "nppes_provider_state",
                "prscrbr_type": "specialty_description",
                "brnd_name": "drug_name",
                "gnrc_name": "generic_name",
                "tot_clms": "total_claim_count",
                "tot_30day_fills": ("total_30_day_fill_count", "total_30_day_fills"),
                "tot_day_suply": "total_day_supply",
                "tot_drug_cst": "total_drug_cost",
                "tot_benes": "bene_count",
            },
            _NEEDED,
        ),
    ),
    thresholds=(
        holds("patients_within_claims", "tot_benes <= tot_clms", "a patient has at least one claim"),
        holds("fills_within_days", "tot_30day_fills <= tot_day_suply", "a fill supplies at least one day"),
        Threshold("period", "CMS publishes these files from 2013 on", at_least=2013, severity="warn"),
    ),
    unique=("prscrbr_npi", "brnd_name", "gnrc_name"),
    rules=tuple(("negative_amount", column, f"{column} < 0") for column in ("tot_30day_fills", "tot_drug_cst")),
    swaps=(("prscrbr_npi", "tot_clms"), ("prscrbr_npi", "tot_drug_cst")),
    others=r"^(prscrbr_|ge65_|nppes_|description_flag|bene_|total_|ge65)",
    dollars="tot_drug_cst",
    provider="prscrbr_npi",
    needs_year=True,
)

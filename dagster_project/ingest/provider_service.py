"""CMS Physician & Other Practitioners by Provider and Service: one row a provider, procedure and place of service in a year."""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import CENSORED_COUNT, CODE, HCPCS, NPI, TEXT, UPPER, ZIP5, amount
from dagster_project.ingest.thresholds import Threshold, holds

_QUANTITY = amount(18, 3, is_suppressible=True)
_AVERAGE = amount(18, 8, is_suppressible=True)

_COLUMNS = (
    Column("rndrng_npi", NPI, is_key=True),
    Column("rndrng_prvdr_last_org_name", TEXT),
    Column("rndrng_prvdr_first_name", TEXT),
    Column("rndrng_prvdr_mi", TEXT),
    Column("rndrng_prvdr_crdntls", TEXT),
    Column("rndrng_prvdr_ent_cd", UPPER, codes=("I", "O")),
    Column("rndrng_prvdr_city", TEXT),
    Column("rndrng_prvdr_state_abrvtn", CODE),
    Column("rndrng_prvdr_zip5", ZIP5),
    Column("rndrng_prvdr_type", TEXT),
    Column("hcpcs_cd", HCPCS, is_key=True, longest=5),
    Column("place_of_srvc", UPPER, is_key=True, codes=("F", "O")),
    Column("tot_benes", CENSORED_COUNT),
    Column("tot_srvcs", _QUANTITY),
    Column("tot_bene_day_srvcs", _QUANTITY),
    Column("avg_sbmtd_chrg", _AVERAGE),
    Column("avg_mdcr_alowd_amt", _AVERAGE),
    Column("avg_mdcr_pymt_amt", _AVERAGE),
)

_NEEDED = tuple(column.name for column in _COLUMNS if column.name not in ("rndrng_prvdr_mi", "rndrng_prvdr_crdntls"))

PROVIDER_SERVICE = Contract(
    table="provider_service",
    fresh=Freshness(920, "a year is published about 17 months after its end, the next one a year later"),
    columns=_COLUMNS,
    pattern=r"mup_phy|provider_util_payment_puf|physician-and-other-supplier-puf",
    layouts=(
        Layout("data.cms.gov since 2021, with or without gender", {c.name: c.name for c in _COLUMNS}, _NEEDED),
        Layout(
            "public use file of 2012 to 2017",
            {
                "rndrng_npi": "npi",
                "rndrng_prvdr_last_org_name": "nppes_provider_last_org_name",
                "rndrng_prvdr_first_name": "nppes_provider_first_name",
                "rndrng_prvdr_mi": "nppes_provider_mi",
                "rndrng_prvdr_crdntls": "nppes_credentials",
                "rndrng_prvdr_ent_cd": "nppes_entity_code",
                "rndrng_prvdr_city": "nppes_provider_city",
                "rndrng_prvdr_state_abrvtn": "nppes_provider_state",
                "rndrng_prvdr_zip5": "nppes_provider_zip",
                "rndrng_prvdr_type": "provider_type",
                "hcpcs_cd": "hcpcs_code",
                "place_of_srvc": "place_of_service",
                "tot_benes": "bene_unique_cnt",
                "tot_srvcs": "line_srvc_cnt",
                "tot_bene_day_srvcs": "bene_day_srvc_cnt",
                "avg_sbmtd_chrg": "average_submitted_chrg_amt",
                "avg_mdcr_alowd_amt": "average_medicare_allowed_amt",
                "avg_mdcr_pymt_amt": "average_medicare_payment_amt",
            },
            _NEEDED,
        ),
    ),
    unique=("rndrng_npi", "hcpcs_cd", "place_of_srvc"),
    rules=tuple(
        ("negative_amount", column, f"{column} < 0")
        for column in ("tot_srvcs", "tot_bene_day_srvcs", "avg_sbmtd_chrg", "avg_mdcr_alowd_amt", "avg_mdcr_pymt_amt")
    ),
    swaps=(("rndrng_npi", "tot_srvcs"), ("rndrng_npi", "tot_benes")),
    others=r"^(rndrng_|hcpcs_|avg_|nppes_|stdev_|average_|medicare_)",
    thresholds=(
        holds(
            "payment_within_allowed",
            "avg_mdcr_pymt_amt <= avg_mdcr_alowd_amt",
            "Medicare pays its part of what it allows",
        ),
        holds(
            "allowed_within_charge",
            "avg_mdcr_alowd_amt <= avg_sbmtd_chrg",
            "Medicare allows hardly ever more than was charged",
        ),
        holds("days_within_services", "tot_bene_day_srvcs <= tot_srvcs", "a day of service has at least one service"),
        holds("patients_within_days", "tot_benes <= tot_bene_day_srvcs", "a patient has at least one day of service"),
        Threshold("empty_share", "every provider is published with a practice ZIP", "rndrng_prvdr_zip5", at_most=0.5),
        Threshold(
            "most",
            "no procedure costs ten million dollars: a decimal point was lost",
            "avg_sbmtd_chrg",
            at_most=1e7,
            severity="warn",
        ),
        Threshold("period", "CMS publishes these files from 2012 on", at_least=2012, severity="warn"),
    ),
    notice="rndrng_npi__text = '0000000001'",
    needs_year=True,
    dollars="tot_srvcs * avg_mdcr_pymt_amt",
    provider="rndrng_npi",
)

"""CMS Inpatient Hospitals by Provider and Service: one row a hospital and MS-DRG in a year."""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout, Lookup
from dagster_project.ingest.kinds import CCN, CENSORED_COUNT, CODE, DRG, TEXT, ZIP5, amount
from dagster_project.ingest.thresholds import Threshold, holds

_AVERAGE = amount(18, 8, is_suppressible=True)

_COLUMNS = (
    Column("rndrng_prvdr_ccn", CCN, is_key=True),
    Column("rndrng_prvdr_org_name", TEXT),
    Column("rndrng_prvdr_st", TEXT),
    Column("rndrng_prvdr_city", TEXT),
    Column("rndrng_prvdr_state_abrvtn", CODE),
    Column("rndrng_prvdr_zip5", ZIP5),
    Column("drg_cd", DRG, is_key=True, longest=3),
    Column("drg_desc", TEXT),
    Column("tot_dschrgs", CENSORED_COUNT),
    Column("avg_submtd_cvrd_chrg", _AVERAGE),
    Column("avg_tot_pymt_amt", _AVERAGE),
    Column("avg_mdcr_pymt_amt", _AVERAGE),
)
_NEEDED = ("rndrng_prvdr_ccn", "drg_cd", "tot_dschrgs", "avg_mdcr_pymt_amt")


def _of_old(name: str, between: str, zip_code: str) -> Layout:
    """The first years, whose code stands before its name: `470 - MAJOR JOINT REPLACEMENT ...`."""

    def header(words: str) -> str:
        return words.replace(" ", between)

    def code(field: Lookup) -> str:
        return f"regexp_extract({field(header('drg definition'))}, '^\\s*([0-9]{{1,3}})\\s+-', 1)"

    return Layout(
        name,
        {
            "rndrng_prvdr_ccn": header("provider id"),
            "rndrng_prvdr_org_name": header("provider name"),
            "rndrng_prvdr_st": header("provider street address"),
            "rndrng_prvdr_city": header("provider city"),
            "rndrng_prvdr_state_abrvtn": header("provider state"),
            "rndrng_prvdr_zip5": zip_code,
            "drg_cd": code,
            "drg_desc": header("drg definition"),
            "tot_dschrgs": header("total discharges"),
            "avg_submtd_cvrd_chrg": header("average covered charges"),
            "avg_tot_pymt_amt": header("average total payments"),
            "avg_mdcr_pymt_amt": header("average medicare payments"),
        },
        _NEEDED,
    )


INPATIENT = Contract(
    table="inpatient",
    fresh=Freshness(920, "a year of stays is published about 17 months after its end, the next one a year later"),
    columns=_COLUMNS,
    pattern=r"mup_inp|mup_ihp|inpatient",
    layouts=(
        Layout("data.cms.gov since 2021", {c.name: c.name for c in _COLUMNS}, _NEEDED),
        _of_old("inpatient charge data of 2011 to 2017", " ", "provider zip code"),
        _of_old("inpatient charge data as databases copy them", "_", "provider_zipcode"),
    ),
    thresholds=(
        holds("payment_within_total", "avg_mdcr_pymt_amt <= avg_tot_pymt_amt", "Medicare pays its part of the total"),
        holds("ccn_of_six", "strlen(rndrng_prvdr_ccn) = 6", "a certification number has six characters"),
        Threshold("period", "CMS publishes these files from 2011 on", at_least=2011, severity="warn"),
    ),
    unique=("rndrng_prvdr_ccn", "drg_cd"),
    rules=tuple(
        ("negative_amount", column, f"{column} < 0")
        for column in ("avg_submtd_cvrd_chrg", "avg_tot_pymt_amt", "avg_mdcr_pymt_amt")
    ),
    swaps=(("rndrng_prvdr_zip5", "tot_dschrgs"),),
    others=r"^(rndrng_prvdr_|hospital.referral.region|drg)",
    needs_year=True,
    is_yearly=True,
)

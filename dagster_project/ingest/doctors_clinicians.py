"""CMS Doctors and Clinicians: several rows a clinician, one for each practice address.

A file needs NPI, last name and primary specialty. A reshaped copy with one `Provider Name` and blank NPIs is no layout of
the publisher and stays unrecognised.
"""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import CODE, COUNT, ID, NPI, TEXT, ZIP5
from dagster_project.ingest.thresholds import Threshold

_COLUMNS = (
    Column("npi", NPI, is_key=True),
    Column("ind_pac_id", ID),
    Column("last_name", TEXT),
    Column("first_name", TEXT),
    Column("middle_name", TEXT),
    Column("credential", TEXT),
    Column("pri_spec", TEXT),
    Column("facility_name", TEXT),
    Column("org_pac_id", ID),
    Column("street", TEXT),
    Column("city", TEXT),
    Column("state", CODE),
    Column("zip5", ZIP5),
    Column("telephone", ID),
    Column("grad_year", COUNT),
)

DOCTORS_CLINICIANS = Contract(
    table="doctors_clinicians",
    fresh=Freshness(60, "published every month or so"),
    columns=_COLUMNS,
    pattern=r"dac_nationaldownloadablefile",
    layouts=(
        Layout(
            "national downloadable file",
            {
                "npi": "npi",
                "ind_pac_id": "ind_pac_id",
                "last_name": ("provider last name", "lst_nm"),
                "first_name": ("provider first name", "frst_nm"),
                "middle_name": ("provider middle name", "mid_nm"),
                "credential": "cred",
                "pri_spec": "pri_spec",
                "facility_name": ("facility name", "org_nm"),
                "org_pac_id": "org_pac_id",
                "street": ("adr_ln_1", "full street address"),
                "city": ("city/town", "cty"),
                "state": ("state", "st"),
                "zip5": ("zip code", "zip"),
                "telephone": ("telephone number", "phn_numbr"),
                "grad_year": "grd_yr",
            },
            ("npi", "last_name", "pri_spec"),
        ),
    ),
    thresholds=(
        Threshold("empty_share", "every practice address has a ZIP", "zip5", at_most=0.5),
        Threshold("empty_share", "every clinician has a primary specialty", "pri_spec", at_most=0.5),
        Threshold(
            "least", "nobody who graduated before 1900 sees patients", "grad_year", at_least=1900, severity="warn"
        ),
        Threshold("most", "nobody graduates after 2100", "grad_year", at_most=2100, severity="warn"),
    ),
    others=r"^(ind_|suff|gndr|med_sch|sec_spec|telehlth|num_org|adr|ln_2|hosp_afl|ind_assgn|grp_)",
)

"""CMS Facility Affiliation: one row a clinician and facility. Dated copies side by side make the history."""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import CCN, NPI, TEXT
from dagster_project.ingest.thresholds import holds

_NUMBER = "facility_affiliations_certification_number"

FACILITY_AFFILIATION = Contract(
    table="facility_affiliation",
    fresh=Freshness(60, "published every month or so, with the clinicians"),
    columns=(Column("npi", NPI, is_key=True), Column("facility_type", TEXT), Column(_NUMBER, CCN, is_key=True)),
    pattern=r"facility_affiliation",
    layouts=(
        Layout(
            "facility affiliation",
            {
                "npi": "npi",
                "facility_type": "facility_type",
                _NUMBER: ("facility affiliations certification number", "facility_afl_ccn"),
            },
            ("npi", _NUMBER),
        ),
    ),
    thresholds=(holds("ccn_of_six", f"strlen({_NUMBER}) = 6", "a certification number has six characters"),),
    others=r"^(ind_pac|provider|suff|facility)",
    unique=("npi", "facility_type", _NUMBER),
)

"""CMS Hospital General Information: one row a hospital."""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import CCN, CODE, TEXT, ZIP5
from dagster_project.ingest.thresholds import Threshold, holds

HOSPITAL_GENERAL = Contract(
    table="hospital_general",
    fresh=Freshness(120, "published every quarter"),
    columns=(
        Column("facility_id", CCN, is_key=True),
        Column("facility_name", TEXT),
        Column("address", TEXT),
        Column("city", TEXT),
        Column("state", CODE),
        Column("zip5", ZIP5),
        Column("hospital_type", TEXT),
        Column("hospital_ownership", TEXT),
    ),
    pattern=r"hospital_general_information",
    layouts=(
        Layout(
            "hospital general information",
            {
                "facility_id": ("facility id", "provider id"),
                "facility_name": ("facility name", "hospital name"),
                "address": "address",
                "city": ("city/town", "city"),
                "state": "state",
                "zip5": "zip code",
                "hospital_type": "hospital type",
                "hospital_ownership": "hospital ownership",
            },
            ("facility_id", "facility_name", "hospital_type"),
        ),
    ),
    thresholds=(
        holds("ccn_of_six", "strlen(facility_id) = 6", "a certification number has six characters"),
        holds("state_of_two", "strlen(state) = 2", "a state is written with two letters"),
        Threshold("empty_share", "every hospital has a ZIP", "zip5", at_most=0.5),
    ),
    others=r".",
    unique=("facility_id",),
)

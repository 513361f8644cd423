"""Physician shared patient patterns (DocGraph, CMS): one row a directed pair of NPIs. The publisher writes no header."""

from dagster_project.ingest.contract import Column, Contract, Layout
from dagster_project.ingest.kinds import CENSORED_COUNT, NPI
from dagster_project.ingest.thresholds import Threshold, holds

_COLUMNS = (
    Column("npi_1", NPI, is_key=True),
    Column("npi_2", NPI, is_key=True),
    Column("shared_transactions", CENSORED_COUNT),
    Column("patients", CENSORED_COUNT),
    Column("same_day", CENSORED_COUNT),
)
_NAMES = tuple(column.name for column in _COLUMNS)

SHARED_PATIENTS = Contract(
    table="shared_patients",
    columns=_COLUMNS,
    pattern=r"shared[-_]patient",
    layouts=(
        Layout("five columns without header", {name: name for name in _NAMES}, _NAMES, is_headerless=True),
        Layout(
            "five columns with a header",
            {
                "npi_1": ("npi_1", "npi1"),
                "npi_2": ("npi_2", "npi2"),
                "shared_transactions": ("shared_transactions", "pair_count"),
                "patients": ("patients", "bene_count"),
                "same_day": ("same_day", "same_day_count"),
            },
            _NAMES,
        ),
    ),
    unique=("npi_1", "npi_2"),
    thresholds=(
        holds(
            "patients_within_transactions",
            "patients <= shared_transactions",
            "a patient shared has at least one transaction; a file without header has nothing else to tell its columns by",
        ),
        holds(
            "same_day_within_transactions", "same_day <= shared_transactions", "same-day transactions are a part of all"
        ),
        Threshold(
            "share_with_oneself",
            "an edge leads from one provider to another",
            at_most=0.1,
            severity="warn",
            share_of="npi_1 = npi_2",
        ),
    ),
    is_yearly=True,
)

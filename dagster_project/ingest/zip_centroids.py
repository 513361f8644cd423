"""ZIP code centroids: reference data that ships with Fieldscope, read like any source."""

from dagster_project.ingest.contract import Column, Contract, Layout
from dagster_project.ingest.kinds import CODE, DEGREES, TEXT, ZIP5

_NAMES = ("zip5", "state", "city", "latitude", "longitude")

ZIP_CENTROIDS = Contract(
    table="zip_centroids",
    columns=(
        Column("zip5", ZIP5, is_key=True),
        Column("state", CODE),
        Column("city", TEXT),
        Column("latitude", DEGREES, is_key=True),
        Column("longitude", DEGREES, is_key=True),
    ),
    pattern=r"zip_centroids",
    layouts=(Layout("shipped centroids", {name: name for name in (*_NAMES, "origin")}, _NAMES),),
    unique=("zip5",),
)

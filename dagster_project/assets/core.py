"""Floors `staging`, `intermediate`, `features`: dbt builds them, then the features cross to Parquet for the models.

Belongs here: the selection, and the hand-over. Not here: SQL, which is in dbt/models.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb
from dagster_dbt import dbt_assets

from dagster_project import warehouse
from dagster_project.assets.floors import FloorTranslator
from dagster_project.parquet import write_query
from dagster_project.refresh import Refresh

MANIFEST = warehouse.manifest()
TRANSLATOR = FloorTranslator()
SELECTED = "fqn:fieldscope.staging fqn:fieldscope.intermediate fqn:fieldscope.features"


@dbt_assets(
    manifest=MANIFEST,
    select=SELECTED,
    dagster_dbt_translator=TRANSLATOR,
    name="core",
)
def core_assets(context: dg.AssetExecutionContext, refresh: Refresh) -> Iterator:
    """Everything that is decided before the models: who is who, which release wins, what was known when."""
    yield from warehouse.build(
        context, refresh.settings, TRANSLATOR, MANIFEST, SELECTED, {"as_of": refresh.as_of.isoformat()}
    )
    export_features(refresh, {key.path[-1] for key in context.selected_asset_keys if key.path[0] == "features"})


def export_features(refresh: Refresh, built: set[str]) -> None:
    """Write the features tables just built to `lake/features`, ordered by all their columns, so that the same night gives the same bytes."""
    with duckdb.connect(
        str(refresh.home.warehouse), read_only=True, config=refresh.settings.duckdb_config()
    ) as connection:
        for table in sorted(built):
            write_query(
                connection, f'select * from features."{table}" order by all', refresh.home.features / f"{table}.parquet"
            )

"""Floor `marts`: what BI reads, built by dbt from core and predictions.

Belongs here: the selection. Not here: SQL, which is in dbt/models/marts.
"""

from collections.abc import Iterator

import dagster as dg
from dagster_dbt import dbt_assets

from dagster_project import warehouse
from dagster_project.assets.core import MANIFEST, TRANSLATOR
from dagster_project.refresh import Refresh

SELECTED = "fqn:fieldscope.marts"


@dbt_assets(manifest=MANIFEST, select=SELECTED, dagster_dbt_translator=TRANSLATOR, name="marts")
def mart_assets(context: dg.AssetExecutionContext, refresh: Refresh) -> Iterator:
    """Every mart, its contract enforced, its tests as checks."""
    yield from warehouse.build(
        context, refresh.settings, TRANSLATOR, MANIFEST, SELECTED, {"as_of": refresh.as_of.isoformat()}
    )

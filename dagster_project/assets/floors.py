"""The names of the floors, and where each dbt node stands: folder = floor = Dagster group = key prefix.

Belongs here: the one mapping from dbt to Dagster. Not here: any asset.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

from dagster_project.assets.columns import metadata_of
from dagster_project.due import EVERY_MORNING, MORNING_HOUR, NIGHT_HOUR, zone_of
from dagster_project.lineage import column_lineage
from dagster_project.settings import Settings

FLOORS = ("raw", "staging", "intermediate", "features", "ml", "marts", "published")
OWNER = "team:analytics"
TIME_ZONE = zone_of(Settings().landing_zone).key
# Every table that a night reads or publishes is new each morning. How old the delivered data are is another matter: that
# is judged by each source's own policy (`ingest.freshness`), for a table that is read again may still say nothing new.
NEW_EVERY_MORNING = dg.FreshnessPolicy.cron(
    deadline_cron=EVERY_MORNING, lower_bound_delta=timedelta(hours=MORNING_HOUR - NIGHT_HOUR), timezone=TIME_ZONE
)


class FloorTranslator(DagsterDbtTranslator):
    """Gives dbt's models and sources the keys, groups and owners of their floor."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(parquet_of(dbt_resource_props).split("/"))
        return dg.AssetKey([dbt_resource_props["fqn"][1], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props["fqn"][1]

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        known = super().get_metadata(dbt_resource_props)
        if dbt_resource_props["resource_type"] != "model":
            return known
        table = "/".join(self.get_asset_key(dbt_resource_props).path)
        return {**known, **metadata_of(table, dbt_resource_props["columns"], column_lineage())}

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return [OWNER]


def parquet_of(source: Mapping[str, Any]) -> str:
    """The lake path of a dbt source (`raw/claims/provider_service`), read from its external location."""
    meta = {**source.get("source_meta", {}), **source.get("meta", {}), **source.get("config", {}).get("meta", {})}
    found = re.search(r"'((?:raw|ml)/[^'*]+)", meta.get("external_location", ""))
    if not found:
        raise ValueError(f"source {source['unique_id']} names no Parquet file of the lake in meta.external_location")
    return found.group(1).format(name=source["name"]).removesuffix(".parquet").rstrip("/")

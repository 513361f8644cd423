"""Floor `raw`: one asset a source table, one step a source. The reading itself is `dagster_project.ingest`.

Belongs here: which source becomes which assets, and what a person sees of it. Not here: layouts, contracts, rules.
"""

from collections.abc import Iterator

import dagster as dg
import pyarrow.parquet as pq

from dagster_project import history
from dagster_project.assets.contract_check import contract_check, contract_check_specs
from dagster_project.assets.floors import NEW_EVERY_MORNING, OWNER
from dagster_project.ingest import border
from dagster_project.ingest.contents import SOURCES, Source
from dagster_project.ingest.data_docs import write_data_docs
from dagster_project.refresh import Refresh


def _source_assets(source: Source) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            ["raw", source.name, table],
            group_name="raw",
            owners=[OWNER],
            kinds={"duckdb", "parquet"},
            freshness_policy=NEW_EVERY_MORNING,
            description=f"{table.replace('_', ' ').capitalize()} of {source.name.replace('_', ' ')}, typed and checked, as delivered.",
        )
        for table, _ in source.tables
    ]

    @dg.multi_asset(name=f"raw_{source.name}", specs=specs, check_specs=contract_check_specs(source))
    def ingest_source(
        context: dg.AssetExecutionContext, refresh: Refresh
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        home, settings = refresh.home, refresh.settings
        result = border.ingest(
            source,
            settings.landing_zone,
            home.lake,
            home.patient_secret(),
            settings.duckdb_config(),
            refresh.as_of,
            refresh.is_past,
        )
        for file, reason in {**result.refused, **result.unrecognised}.items():
            context.log.warning(f"not accepted: {file}: {reason}")
        for file in result.damaged:
            context.log.warning(f"its version in the lake was damaged: {file}: read again from the landing zone")
        for table, _ in source.tables:
            yield dg.MaterializeResult(asset_key=["raw", source.name, table], metadata=_metadata(result, table))
            yield contract_check(source.name, table, result.judged, home.data_docs)

    return ingest_source


def _metadata(result: border.SourceResult, table: str) -> dict:
    found = {
        "dagster/row_count": result.rows.get(table, 0),
        "state": "not delivered"
        if result.is_missing
        else f"{len(result.read)} files read, {len(result.unchanged)} unchanged",
    }
    if result.quarantined:
        found["quarantined"] = dg.MetadataValue.json(result.quarantined)
    if changes := [str(change) for change in result.changes if change.table == table]:
        found["changes"] = dg.MetadataValue.md("\n".join(f"- {change}" for change in changes))
    if result.replayed:
        found["replayed"] = f"the versions in use on the night of {result.replayed}"
    if result.refused:
        found["refused"] = dg.MetadataValue.json(result.refused)
    return found


source_assets = [_source_assets(source) for source in SOURCES]


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["raw", "border", table],
            group_name="raw",
            owners=[OWNER],
            kinds={"parquet"},
            deps=[key for asset in source_assets for key in asset.keys],
            description=text,
        )
        for table, text in (
            ("file_versions", "Every file of the landing zone with its content hash, and whether it was accepted."),
            ("quarantine", "How many rows each rule refused, by file."),
            ("checks", "What the border checked of each file, and what it found."),
            ("refreshes", "Every refresh of this home, the running one last."),
        )
    ]
)
def border_tables(refresh: Refresh) -> Iterator[dg.MaterializeResult]:
    """What the border saw, as tables that the marts of trust read."""
    border.write_border_tables(refresh.home.lake, refresh.as_of)
    write_data_docs(refresh.home.lake, refresh.home.data_docs, refresh.as_of)
    history.write_refreshes(refresh.home, refresh.identity)
    for table in ("file_versions", "quarantine", "checks", "refreshes"):
        rows = sum(pq.read_metadata(path).num_rows for path in (refresh.home.raw / "border" / table).glob("*.parquet"))
        metadata: dict = {"dagster/row_count": rows}
        if table == "checks":
            metadata["data_docs"] = dg.MetadataValue.path(refresh.home.data_docs / "index.html")
        yield dg.MaterializeResult(asset_key=["raw", "border", table], metadata=metadata)


@dg.multi_asset(
    specs=[
        dg.AssetSpec(["raw", "history", table], group_name="raw", owners=[OWNER], kinds={"parquet"}, description=text)
        for table, text in (
            ("target_list", "The target lists that this home published for earlier days."),
            ("target_list_changes", "Who came, moved or left on the lists of earlier days, and why."),
            ("blind_spots", "The flags that this home published for earlier days, with their first day."),
            ("crm_refusals", "Which CRM records refused on the last earlier night, and whom they meant."),
            ("patient_counts", "Every count of patients that ever left this home."),
        )
    ]
)
def history_tables(refresh: Refresh) -> Iterator[dg.MaterializeResult]:
    """What earlier nights published, as tonight's lists compare themselves with it."""
    for table, rows in history.write_earlier(refresh.home, refresh.as_of).items():
        yield dg.MaterializeResult(asset_key=["raw", "history", table], metadata={"dagster/row_count": rows})

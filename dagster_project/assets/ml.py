"""Floor `ml`: each asset reads features, calls one function of `models_ml`, and writes what it returns.

Belongs here: which frames go into which model. Not here: any statistics.
"""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from dagster_project.assets.floors import OWNER
from dagster_project.parquet import read_frame, write_frame
from dagster_project.refresh import Refresh


def _specs(
    capability: str, tables: dict[str, str], features: list[str], upstream: tuple[str, ...] = ()
) -> list[dg.AssetSpec]:
    deps = [dg.AssetKey(["features", name]) for name in features] + [
        dg.AssetKey(["ml", *name.split("/")]) for name in upstream
    ]
    return [
        dg.AssetSpec(
            ["ml", capability, table],
            deps=deps,
            group_name="ml",
            owners=[OWNER],
            kinds={"scikitlearn", "parquet"},
            description=text,
        )
        for table, text in tables.items()
    ]


def _features(refresh: Refresh, *names: str) -> list[pd.DataFrame]:
    return [read_frame(refresh.home.features / f"features_{name}.parquet") for name in names]


def _settings(refresh: Refresh) -> pd.Series:
    return read_frame(next((refresh.home.raw / "company" / "settings").glob("[!_]*.parquet"))).iloc[0]


def _publish(
    refresh: Refresh, capability: str, outputs: dict, frames: dict[str, pd.DataFrame]
) -> Iterator[dg.MaterializeResult]:
    for table, types in outputs.items():
        frame = frames[table]
        rows = write_frame(frame, types, refresh.home.ml / capability / f"{table}.parquet")
        metadata = {"dagster/row_count": rows, "preview": dg.MetadataValue.md(_preview(frame))}
        yield dg.MaterializeResult(asset_key=["ml", capability, table], metadata=metadata)


def _preview(frame: pd.DataFrame) -> str:
    head = frame.head(12)
    lines = ["| " + " | ".join(head.columns) + " |", "|" + "---|" * len(head.columns)]
    return "\n".join(
        [*lines, *("| " + " | ".join(str(value)[:60] for value in row) + " |" for row in head.itertuples(index=False))]
    )


@dg.multi_asset(
    specs=_specs(
        "volume",
        {
            "trends": "Yearly growth of each provider and family, shrunk, with its interval.",
            "provider_trends": "The same for all focus families together.",
        },
        ["features_volume_months", "features_public_years", "features_claim_lags"],
    )
)
def volume(refresh: Refresh) -> Iterator[dg.MaterializeResult]:
    """Direction of volume."""
    from models_ml.volume import OUTPUTS, estimate_trends

    yield from _publish(
        refresh,
        "volume",
        OUTPUTS,
        estimate_trends(
            *_features(refresh, "volume_months", "public_years", "claim_lags"), refresh.as_of, _settings(refresh)
        ),
    )


@dg.multi_asset(
    specs=_specs(
        "targeting",
        {
            "scores": "Probability of a first own order within the horizon, with reasons.",
            "report": "What the scores are worth out of time, beside their baselines.",
        },
        ["features_provider_months", "features_adoptions"],
    )
)
def targeting(refresh: Refresh) -> Iterator[dg.MaterializeResult]:
    """Adoption hazard."""
    from models_ml.targeting import OUTPUTS, score_adoption

    horizon = int(_settings(refresh)["adoption_horizon_days"])
    yield from _publish(
        refresh,
        "targeting",
        OUTPUTS,
        score_adoption(*_features(refresh, "provider_months", "adoptions"), refresh.as_of, horizon),
    )


@dg.multi_asset(
    specs=_specs(
        "blind_spots",
        {"rising": "Providers whose volume rises while nobody calls, with p- and q-values."},
        ["features_volume_months", "features_claim_lags", "features_provider_status"],
    )
)
def blind_spots(refresh: Refresh) -> Iterator[dg.MaterializeResult]:
    """Rising and uncalled."""
    from models_ml.blind_spots import OUTPUTS, find_rising

    yield from _publish(
        refresh,
        "blind_spots",
        OUTPUTS,
        find_rising(*_features(refresh, "volume_months", "claim_lags", "provider_status"), refresh.as_of),
    )


@dg.multi_asset(
    specs=_specs(
        "forecasting",
        {
            "calibration": "Stage-to-close probabilities with open deals censored.",
            "opportunity_forecasts": "Each open deal's chance, ever and this quarter.",
            "forecasts": "The quarters' P10, P50 and P90 by rep, territory, region and company.",
            "report": "What the forecast was worth in past quarters, beside stated probabilities and stage averages.",
        },
        [
            "features_deals",
            "features_deal_stages",
            "features_stages",
            "features_reps",
            "features_commits",
            "features_quotas",
            "features_order_months",
        ],
    )
)
def forecasting(refresh: Refresh) -> Iterator[dg.MaterializeResult]:
    """The quarter."""
    from models_ml.forecasting import OUTPUTS, forecast_quarters

    settings = _settings(refresh)
    frames = forecast_quarters(
        *_features(refresh, "deals", "deal_stages", "stages", "reps", "commits", "quotas", "order_months"),
        refresh.as_of,
        int(settings["fiscal_year_start_month"]),
        int(settings["forecast_horizon_quarters"]),
    )
    yield from _publish(refresh, "forecasting", OUTPUTS, frames)

"""The direction of each provider's volume, with its uncertainty.

Not here: volumes themselves (the warehouse counts them) and sudden rises (`models_ml.blind_spots`), which share the panel, the noise
and the comparison with the market.
"""

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from models_ml.evaluation import conform, typed_empty
from models_ml.volume.trends import across_families, all_changes, shrink

OUTPUTS = {
    "trends": {
        "npi": "text",
        "procedure_family": "text",
        "growth": "num",
        "lower": "num",
        "upper": "num",
        "direction": "text",
    },
    "provider_trends": {"npi": "text", "volume_trend": "num", "volume_direction": "text"},
}


def estimate_trends(
    volume_months: pd.DataFrame,
    public_years: pd.DataFrame,
    claim_lags: pd.DataFrame,
    as_of: dt.date,
    settings: Mapping | pd.Series | pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Growth by provider and family, and by provider over all focus families; `settings` gives `lag_days_claim_lines`."""
    row = settings.iloc[0] if isinstance(settings, pd.DataFrame) else settings
    changes = all_changes(volume_months, public_years, claim_lags, as_of, int(row["lag_days_claim_lines"]))
    if changes.empty:
        return typed_empty(OUTPUTS)
    trends = shrink(changes, changes["procedure_family"])
    providers = across_families(changes)
    providers = shrink(providers, pd.Series("all", index=providers.index))
    providers = providers.rename(columns={"growth": "volume_trend", "direction": "volume_direction"})
    return {
        "trends": conform(trends, OUTPUTS["trends"]),
        "provider_trends": conform(providers, OUTPUTS["provider_trends"]),
    }


__all__ = ["OUTPUTS", "estimate_trends"]

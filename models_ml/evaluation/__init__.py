"""What every capability shares: typed frames, metrics with intervals, multiplicity, rolling origins.

Nothing here knows a capability. Models live in their own packages.
"""

from models_ml.evaluation.frames import as_dates, as_numbers, conform, timestamp, typed_empty
from models_ml.evaluation.metrics import (
    METRICS,
    Metric,
    auc,
    average_precision,
    bootstrap_interval,
    bootstrap_intervals,
    brier,
    calibration_intercept,
    calibration_slope,
    ece,
    lift_top_decile,
    log_loss,
    recalibration,
)
from models_ml.evaluation.multiplicity import benjamini_hochberg
from models_ml.evaluation.origins import Origin, rolling_origins

__all__ = [
    "METRICS",
    "Metric",
    "Origin",
    "as_dates",
    "as_numbers",
    "auc",
    "average_precision",
    "benjamini_hochberg",
    "bootstrap_interval",
    "bootstrap_intervals",
    "brier",
    "calibration_intercept",
    "calibration_slope",
    "conform",
    "ece",
    "lift_top_decile",
    "log_loss",
    "recalibration",
    "rolling_origins",
    "timestamp",
    "typed_empty",
]

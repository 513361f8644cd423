"""From snapshots to scores: learn from days whose outcome is known, test on the way, and publish what has proved itself.

1. A snapshot teaches when its outcome window had closed by `as_of`, and not before the first order on record: earlier windows are
   empty because nothing was recorded. Snapshots are three months apart; windows that overlap count for their part.
2. Only providers without an order by the day are at risk. An order on `as_of` or before makes a customer, who gets no score.
3. The logistic model is published when it is credibly better than trailing volume on past days; otherwise, or with fewer than
   30 first orders to learn from, trailing volume is, and the reasons say so.
"""

import datetime as dt
import hashlib

import pandas as pd
from pandas.util import hash_pandas_object

from models_ml.evaluation import as_dates, rolling_origins, timestamp
from models_ml.targeting.features import first_orders_by, label, main_families, ordered_on, provider_snapshots
from models_ml.targeting.model import LogisticModel, Training, VolumeModel, fit_logistic, fit_volume, sample
from models_ml.targeting.origins import Calibration, Tests, run_tests, sigmoid
from models_ml.targeting.reasons import explain
from models_ml.targeting.report import beats_volume, metric_rows

STEP_MONTHS = 3
STEP_DAYS = 91
MOST_ORIGINS = 8
LEAST_ADOPTERS = 30
NO_BETTER = " (the model is no better than volume)"


def score(
    provider_months: pd.DataFrame, adoptions: pd.DataFrame, as_of: dt.date, horizon_days: int, random_state: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of `scores` and of `report`."""
    today = timestamp(as_of)
    provider_months = provider_months.reset_index(drop=True)
    first_orders = first_orders_by(adoptions, as_of)
    days = as_dates(provider_months["snapshot_on"])
    since = first_orders.min() if len(first_orders) else today
    teachable = days[(days >= since) & (days < today)]
    grid = [
        origin.tested_on for origin in rolling_origins(teachable, today, horizon_days, STEP_MONTHS, least_training=0)
    ]
    current = provider_months[(provider_months["is_current"].fillna(False).astype(bool) & (days == today)).to_numpy()]
    families = main_families(current)
    snapshots = provider_snapshots(provider_months, [*grid, today], families)
    past, everyone = snapshots[snapshots["snapshot_on"] < today], snapshots[snapshots["snapshot_on"] == today]
    now = everyone[~everyone["npi"].isin(first_orders.index) & everyone["npi"].isin(current["npi"])].reset_index(
        drop=True
    )
    overlap = max(horizon_days / STEP_DAYS, 1.0)
    at_risk, events = label(past, first_orders, horizon_days)
    training = sample(past[at_risk], events[at_risk], overlap, random_state)
    if training.rows.empty:
        training = _looking_back(everyone, first_orders, timestamp(as_of - dt.timedelta(days=horizon_days)))
    adopters = training.rows.loc[training.y > 0, "npi"].nunique()
    origins = rolling_origins(pd.Series(grid), today, horizon_days, STEP_MONTHS)[-MOST_ORIGINS:]
    tests = run_tests(past, first_orders, origins, horizon_days, overlap, random_state) if adopters else None
    table = tests.calibrated() if tests else None
    is_better = adopters >= LEAST_ADOPTERS and table is not None and beats_volume(table, random_state)
    kind = "logistic" if is_better else "volume"
    version = f"adoption-{kind}-{as_of.isoformat()}-{_fingerprint(training)}"
    model, calibration = _final(training, tests, today, is_better)
    probability = sigmoid(calibration.apply(model.log_odds(now)))
    now = now.assign(
        adoption_probability=probability,
        reasons=explain(now, model, calibration.slope, "" if is_better else NO_BETTER),
        is_baseline=not is_better,
        model_version=version,
    )
    keys = current[["npi", "procedure_family"]].drop_duplicates().astype(object)
    scores = keys.merge(
        now[["npi", "adoption_probability", "reasons", "is_baseline", "model_version"]], on="npi", validate="m:1"
    ).sort_values(["npi", "procedure_family"], kind="stable")
    return scores, _report(table, model, version, len(training.y), adopters, random_state)


def _looking_back(everyone: pd.DataFrame, first_orders: pd.Series, since: pd.Timestamp) -> Training:
    """Where no window has closed yet: who ordered first within the last horizon, enough for a rate and a baseline."""
    first = ordered_on(everyone["npi"], first_orders)
    at_risk = (first.isna() | (first > since)).to_numpy()
    events = first.notna().to_numpy()[at_risk]
    return sample(everyone[at_risk], events, 1.0, 0)


def _final(
    training: Training, tests: Tests | None, today: pd.Timestamp, is_better: bool
) -> tuple[LogisticModel | VolumeModel, Calibration]:
    """The model that scores tonight, fitted to all that is known, and the calibration that past days have taught."""
    if tests is not None and is_better:
        return fit_logistic(training), tests.calibration("model", today)
    model = fit_volume(training)
    return model, tests.calibration("trailing_volume", today) if tests is not None else Calibration()


def _report(
    table: pd.DataFrame | None,
    model: LogisticModel | VolumeModel,
    version: str,
    training_rows: int,
    adopters: int,
    random_state: int,
) -> pd.DataFrame:
    """Metrics on past days, what was learnt from, and the features that could not be used."""
    rows = metric_rows(table, random_state) if table is not None else []
    rows.append({"split": "training", "metric": "n", "value": float(training_rows)})
    rows.append({"split": "training", "metric": "positives", "value": float(adopters)})
    published = "model" if isinstance(model, LogisticModel) else "trailing_volume"
    rows.append({"split": published, "metric": "published", "value": 1.0})
    rows += [
        {"split": f"{name} ({why})", "metric": "feature_dropped", "value": 1.0}
        for name, why in sorted(model.dropped.items())
    ]
    report = pd.DataFrame(rows, columns=["metric", "split", "value", "lower", "upper"]).assign(model_version=version)
    return report.sort_values(["split", "metric"], kind="stable")


def _fingerprint(training: Training) -> str:
    """Eight letters that change with the training data."""
    known = training.rows.assign(y=training.y, weight=training.weight)
    rows = hash_pandas_object(known, index=False)  # ty: ignore[not-callable] - pandas' own decorator hides the type
    return hashlib.sha256(rows.to_numpy().tobytes()).hexdigest()[:8]

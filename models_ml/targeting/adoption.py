"""From snapshots to scores: learn from days whose outcome is known, test on the way, and publish what has proved itself.

1. Days three months apart teach, by what was known of their outcome by `as_of` (`teaching`).
2. Only providers without an order by the day are at risk. An order on `as_of` or before makes a customer, who gets no score.
3. The winner of the contest between the new model and the one in use is published when it is credibly better than trailing volume on past days;
   otherwise, or with fewer than 30 first orders to learn from, trailing volume is, and the reasons say so.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

import pandas as pd
from pandas.util import hash_pandas_object

from models_ml.evaluation import as_dates, rolling_origins, timestamp
from models_ml.targeting.blend import BlendedModel, Share, fit_blend, share_of_trees
from models_ml.targeting.calibration import Calibration, sigmoid
from models_ml.targeting.champion import Champion, Fitted, with_columns_of
from models_ml.targeting.contest import Verdict, beats_volume, judge
from models_ml.targeting.features import first_orders_by, main_families, provider_snapshots
from models_ml.targeting.lists import LISTED, basis_rows, with_lists
from models_ml.targeting.model import VOLUME, BaselineModel, fit_baseline
from models_ml.targeting.origins import Tests, run_tests
from models_ml.targeting.reasons import explain
from models_ml.targeting.report import metric_rows, split_rows
from models_ml.targeting.teaching import STEP_MONTHS, Training, looking_back, taught_by, teaching_days

MOST_ORIGINS = 8
LEAST_ADOPTERS = 30
REHEARSED_MONTHS = 17
NO_BETTER = " (the model is no better than volume)"


@dataclass(frozen=True)
class Contest:
    """What was tried tonight: the newly fitted model, the verdict on it, who scores, the tests that say so, and the share of its trees."""

    challenger: Champion | None
    champion: Champion | None
    verdict: Verdict
    winner: Champion | None
    table: pd.DataFrame | None
    share: Share | None = None


def score(
    provider_months: pd.DataFrame,
    adoptions: pd.DataFrame,
    diagnoses: pd.DataFrame,
    champion: Champion | None,
    as_of: dt.date,
    horizon_days: int,
    random_state: int,
    lists: pd.DataFrame | None,
    counted: str,
) -> tuple[pd.DataFrame, pd.DataFrame, Champion | None]:
    """The rows of `scores` and of `report`, and the fitted model that scored, if one did."""
    today = timestamp(as_of)
    provider_months = provider_months.reset_index(drop=True)
    first_orders = first_orders_by(adoptions, as_of)
    days = as_dates(provider_months["snapshot_on"])
    grid = teaching_days(days, first_orders, as_of, horizon_days)
    current = provider_months[(provider_months["is_current"].fillna(False).astype(bool) & (days == today)).to_numpy()]
    families = main_families(current)
    snapshots = with_lists(provider_snapshots(provider_months, [*grid, today], families, diagnoses), lists)
    past, everyone = snapshots[snapshots["snapshot_on"] < today], snapshots[snapshots["snapshot_on"] == today]
    now = everyone[~everyone["npi"].isin(first_orders.index) & everyone["npi"].isin(current["npi"])].reset_index(
        drop=True
    )
    training = taught_by(past, first_orders, today, horizon_days, random_state)
    if training.closed.rows.empty:
        training = looking_back(everyone, first_orders, timestamp(as_of - dt.timedelta(days=horizon_days)))
    adopters = training.rows.loc[training.y > 0, "npi"].nunique()
    origins = rolling_origins(pd.Series(grid), today, horizon_days, STEP_MONTHS)[-MOST_ORIGINS:]
    tests = run_tests(past, first_orders, origins, horizon_days, random_state) if adopters else None
    contest = _contest(training, tests, adopters, champion, as_of, random_state)
    if contest.winner is not None:
        model, calibration = contest.winner.final.model, contest.winner.final.calibration
        version = contest.winner.version
    else:
        model = fit_baseline(training, VOLUME)
        calibration = tests.calibration("trailing_volume", today) if tests is not None else Calibration()
        version = _version("volume", as_of, training)
    now = with_columns_of(model, now)
    now = now.assign(
        adoption_probability=sigmoid(calibration.apply(model.log_odds(now))),
        reasons=explain(now, model, calibration.slope, "" if contest.winner else NO_BETTER, counted),
        is_baseline=contest.winner is None,
        model_version=version,
    )
    keys = current[["npi", "procedure_family"]].drop_duplicates().astype(object)
    scores = keys.merge(
        now[["npi", "adoption_probability", "reasons", "is_baseline", "model_version"]], on="npi", validate="m:1"
    ).sort_values(["npi", "procedure_family"], kind="stable")
    listed = basis_rows(None if tests is None else tests.predicted, lists)
    return scores, _report(contest, model, version, training, adopters, listed, random_state), contest.winner


def _contest(
    training: Training, tests: Tests | None, adopters: int, champion: Champion | None, as_of: dt.date, random_state: int
) -> Contest:
    """The new model against the one in use, the winner against trailing volume."""
    if tests is None or adopters < LEAST_ADOPTERS:
        words = f"trailing volume is published: {adopters} first orders are too few to learn from"
        table = None if tests is None else tests.calibrated()
        return Contest(None, champion, Verdict(False, words), None, table)
    table = tests.calibrated()
    rehearsals = [
        Fitted(day.date(), model, tests.calibration("model", day))
        for day, model in tests.models.items()
        if day > max(tests.models) - pd.DateOffset(months=REHEARSED_MONTHS)
    ]
    share = share_of_trees(tests.told)
    final = Fitted(as_of, fit_blend(training, share.mean), tests.calibration("model", timestamp(as_of)))
    challenger = Champion(_version("blend", as_of, training), final, tuple(rehearsals))
    verdict = judge(challenger, champion, tests, table, random_state)
    winner = challenger if verdict.goes_live else champion
    is_better = (
        beats_volume(table, "model", random_state)
        if verdict.goes_live
        else verdict.rows is not None and beats_volume(verdict.rows, "champion", random_state)
    )
    if not is_better:
        words = f"trailing volume is published: {(winner or challenger).version} is no better than volume"
        return Contest(challenger, champion, Verdict(False, words, verdict.saved, verdict.rows), None, table, share)
    return Contest(challenger, champion, verdict, winner, table, share)


def _report(
    contest: Contest,
    model: BlendedModel | BaselineModel,
    version: str,
    training: Training,
    adopters: int,
    listed: list[dict],
    random_state: int,
) -> pd.DataFrame:
    """Metrics on past days, what was learnt from, what was decided, and the features that could not be used.

    The metrics are of tonight's newly fitted model and its baselines; where the model in use scores, its own rows bear its version.
    """
    has_list = all(row["metric"] != "not_available" for row in listed)
    rows = metric_rows(contest.table, has_list, random_state) if contest.table is not None else []
    rows += listed
    if contest.share is not None:
        share = {"value": contest.share.mean, "lower": contest.share.lower, "upper": contest.share.upper}
        rows.append({"split": "model", "metric": "share_of_trees", **share})
    rows.append({"split": "training", "metric": "n", "value": float(len(training.y))})
    rows.append({"split": "training", "metric": "positives", "value": float(adopters)})
    rows += [
        {"split": f"{name} ({why})", "metric": "feature_dropped", "value": 1.0}
        for name, why in sorted(model.dropped.items())
    ]
    tried = contest.challenger.version if contest.challenger else version
    told = [{**row, "model_version": tried} for row in rows]
    if contest.verdict.rows is not None and contest.champion is not None:
        told += [
            {**row, "model_version": contest.champion.version}
            for row in split_rows("champion", contest.verdict.rows, random_state)
        ]
        value, lower, upper = contest.verdict.saved
        saved = {"split": "model against champion", "metric": "log_loss_saved"}
        told.append({**saved, "value": value, "lower": lower, "upper": upper, "model_version": tried})
    published = "trailing_volume" if contest.winner is None else "champion" if version != tried else "model"
    told.append({"split": published, "metric": "published", "value": 1.0, "model_version": version})
    told.append({"split": contest.verdict.words, "metric": "decision", "value": 1.0, "model_version": version})
    columns = ["metric", "split", "value", "lower", "upper", "model_version"]
    report = pd.DataFrame(told, columns=columns)
    return report.sort_values(["split", "metric", "model_version"], kind="stable")


def _version(kind: str, as_of: dt.date, training: Training) -> str:
    """Kind, day of fitting and eight letters that change with the training data, of which earlier lists are no part."""
    known = training.rows.drop(columns=LISTED).assign(y=training.y, weight=training.weight)
    rows = hash_pandas_object(known, index=False)  # ty: ignore[not-callable] - pandas' own decorator hides the type
    letters = hashlib.sha256(rows.to_numpy().tobytes()).hexdigest()[:8]
    return f"adoption-{kind}-{as_of.isoformat()}-{letters}"

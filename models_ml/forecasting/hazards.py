"""At which weekly rates do deals move ahead, fall back, are won or lost?

Here belong the fit of cause-specific hazards by stage and age in stage, and what multiplies them for one deal.
Not here: what follows from the hazards for a deal, shocks of a quarter, money.

1. Causes compete: each has its own rate, constant within a band of age; open stays count with their time at risk alone.
2. The rates of stages and bands come from `baseline`.
3. Amount, slips, moves back, age and stated probability of a deal multiply the rates (log-linear, ridge), as do
   procedure family and rep (empirical Bayes).

Prentice et al. (1978), competing risks; Holford (1980), piecewise-constant hazards as Poisson regression.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models_ml.forecasting.baseline import BANDS, CAUSES, baseline_rates
from models_ml.forecasting.shrinkage import multipliers
from models_ml.forecasting.stays import AHEAD, BACK, LOST, WON

FEATURES = ("amount", "amount_against_rep", "slips", "moves_back", "age_before_stage", "stated_probability")
LASTING = np.array([True, True, False, False, False, False])  # features that a deal keeps from stage to stage
GROUPS = ("procedure_family", "rep_id")
CENTRE_WEEKS = 8.0  # weeks at risk that the company's mean of a feature is worth in a stage's own
STAGE_WIDTH = 0.5  # how far features may move a stage's rate that was fitted without them, log scale
WIDEST = 1.5  # log-multiplier of the features beyond which nothing is believed


@dataclass
class Hazards:
    """Weekly rates by stage, band and cause; where moves lead; what multiplies the rates."""

    rates: np.ndarray
    shapes: np.ndarray
    ahead: np.ndarray
    back: np.ndarray
    stated: np.ndarray
    centre: np.ndarray  # what a feature is for the average deal of each stage
    scale: np.ndarray = field(default_factory=lambda: np.ones(len(FEATURES)))
    beta: np.ndarray = field(default_factory=lambda: np.zeros((len(FEATURES), CAUSES)))
    groups: dict[str, pd.DataFrame] = field(default_factory=dict)
    group_shapes: dict[str, pd.Series] = field(default_factory=dict)
    usual_amount: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))

    def raw_features(self, stays: pd.DataFrame) -> np.ndarray:
        """The features of stays on their own scales; NaN where the deal tells nothing."""
        stated = np.clip(np.nan_to_num(stays["stated"].to_numpy(float), nan=0.0), 0.01, 0.99)
        usual = self.stated[stays["stage"].to_numpy(int)]
        amount = stays["amount"].to_numpy(float)
        log_amount = np.log(np.where(amount > 0, np.maximum(amount, 1.0), np.nan))
        return np.column_stack(
            [
                log_amount,
                log_amount - stays["rep_id"].map(self.usual_amount).to_numpy(float),
                np.log1p(stays["slips"].fillna(0).to_numpy(float)),
                np.log1p(stays["backs"].fillna(0).to_numpy(float)),
                np.log1p(stays["age_before"].fillna(0).to_numpy(float) / 7),
                np.where(stays["stated"].isna(), np.nan, _logit(stated) - _logit(usual)),
            ]
        )

    def features(self, stays: pd.DataFrame) -> np.ndarray:
        """The features of stays on the scale of the fit; 0 is the average deal of the stage, and one that tells nothing."""
        return np.nan_to_num(
            np.clip((self.raw_features(stays) - self.centre[stays["stage"].to_numpy(int)]) / self.scale, -3, 3), nan=0.0
        )

    def multipliers(self, stays: pd.DataFrame, drop: str | None = None) -> np.ndarray:
        """What multiplies the rates of each stay by cause; `drop` takes one feature or group back to its reference."""
        z = self.features(stays)
        if drop in FEATURES:
            z[:, FEATURES.index(drop)] = 0.0
        result = np.exp(np.clip(z @ self.beta, -WIDEST, WIDEST))
        for name, table in self.groups.items():
            if name != drop:
                result = result * table.reindex(stays[name]).fillna(1.0).to_numpy()
        return result


def fit_hazards(stays: pd.DataFrame, pieces: pd.DataFrame, stated: np.ndarray, with_deals: bool = True) -> Hazards:
    """The hazards of all stays; `with_deals=False` leaves out what tells one deal of a stage from another."""
    stages = len(stated)
    weeks = np.bincount(pieces["stage"] * BANDS + pieces["band"], pieces["weeks"], stages * BANDS)
    weeks = weeks.reshape(stages, BANDS)
    ended = pieces[pieces["event"] >= 0]
    cell = (ended["stage"] * BANDS + ended["band"]) * CAUSES + ended["event"]
    counts = np.bincount(cell, ended["weight"], stages * BANDS * CAUSES).reshape(stages, BANDS, CAUSES)
    rates, shapes = baseline_rates(counts, weeks, stated)
    ahead, back = _destinations(stays, stages)
    hazards = Hazards(rates, shapes, ahead, back, stated, np.zeros((stages, len(FEATURES))))
    if with_deals and len(ended) >= 20:
        _add_features(hazards, stays, pieces)
        for name in GROUPS:
            _add_group(hazards, stays, pieces, name)
    return hazards


def _destinations(stays: pd.DataFrame, stages: int) -> tuple[np.ndarray, np.ndarray]:
    """Where a move ahead or back leads from each stage: as counted, one move worth of prior on the next stage."""
    result = []
    for cause, step in ((AHEAD, 1), (BACK, -1)):
        moves = stays[stays["event"] == cause]
        counts = np.zeros((stages, stages))
        np.add.at(counts, (moves["stage"].to_numpy(int), moves["to"].to_numpy(int)), 1.0)
        place = np.arange(stages)
        usable = (place + step >= 0) & (place + step < stages)
        counts[place[usable], place[usable] + step] += 1.0
        result.append(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0))
    return result[0], result[1]


def expected_events(hazards: Hazards, stays: pd.DataFrame, pieces: pd.DataFrame) -> np.ndarray:
    """Expected events of each piece by cause under the hazards so far."""
    rates = hazards.rates[pieces["stage"].to_numpy(int), pieces["band"].to_numpy(int)]
    return rates * pieces["weeks"].to_numpy()[:, None] * hazards.multipliers(stays)[pieces["stay"].to_numpy(int)]


def _add_features(hazards: Hazards, stays: pd.DataFrame, pieces: pd.DataFrame) -> None:
    logs = np.log(stays["amount"].where(stays["amount"] > 0).clip(lower=1.0))
    hazards.usual_amount = logs.groupby(stays["rep_id"]).mean()
    raw, stay, stage = hazards.raw_features(stays), pieces["stay"].to_numpy(int), stays["stage"].to_numpy(int)
    weight = np.bincount(stay, pieces["weeks"], len(stays))[:, None] * ~np.isnan(raw)
    raw = np.nan_to_num(raw)
    overall = (raw * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-9)
    sums, weeks = np.tile(overall * CENTRE_WEEKS, (len(hazards.stated), 1)), np.full_like(hazards.centre, CENTRE_WEEKS)
    np.add.at(sums, stage, raw * weight)
    np.add.at(weeks, stage, weight)
    hazards.centre = np.where(LASTING, overall, sums / weeks)
    spread = np.sqrt(((raw - hazards.centre[stage]) ** 2 * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-9))
    hazards.scale = np.where(spread > 1e-6, spread, np.inf)
    z, expected = hazards.features(stays)[stay], expected_events(hazards, stays, pieces)
    event, weight = pieces["event"].to_numpy(int), pieces["weight"].to_numpy()
    dummies = np.eye(len(hazards.stated))[stage[stay]]
    for cause in (AHEAD, WON, LOST):
        moved, beta = _ridge_poisson(dummies, z, (event == cause) * weight, expected[:, cause])
        hazards.rates[:, :, cause] *= np.exp(moved)[:, None]
        hazards.beta[:, cause] = beta


def _ridge_poisson(
    stages: np.ndarray, z: np.ndarray, events: np.ndarray, expected: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log-multipliers of stages and features by ridge Poisson regression, widths by empirical Bayes. MacKay (1992).

    The stages take part so that a feature is judged among deals of one stage, not by the stages it goes with.
    """
    design, own = np.column_stack([stages, z]), stages.shape[1]
    beta, width = np.zeros(design.shape[1]), np.full(z.shape[1], 0.05)
    for _ in range(12):
        mean = expected * np.exp(np.clip(design @ beta, -3, 3))
        penalty = np.append(np.full(own, 1 / STAGE_WIDTH**2), 1 / width)
        curvature = (design * mean[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, design.T @ (events - mean) - penalty * beta)
        beta = beta + np.clip(step, -1, 1)
        spread = np.diag(np.linalg.inv(curvature))[own:]
        width = np.clip(beta[own:] ** 2 + spread, 1e-4, 0.5)
    return beta[:own], beta[own:]


def _add_group(hazards: Hazards, stays: pd.DataFrame, pieces: pd.DataFrame, name: str) -> None:
    names, codes = np.unique(stays[name].to_numpy(str), return_inverse=True)
    place = codes[pieces["stay"].to_numpy(int)]
    expected = expected_events(hazards, stays, pieces)
    event = pieces["event"].to_numpy(int)
    table = np.ones((len(names), CAUSES))
    shape = np.ones(len(names))
    for cause in (AHEAD, WON, LOST):
        counted = np.bincount(place, np.where(event == cause, pieces["weight"], 0.0), len(names))
        awaited = np.bincount(place, expected[:, cause], len(names))
        table[:, cause], posterior = multipliers(counted, awaited)
        shape = posterior if cause == WON else shape
    hazards.groups[name] = pd.DataFrame(table, index=names)
    hazards.group_shapes[name] = pd.Series(shape, index=names)


def _logit(p: np.ndarray) -> np.ndarray:
    return np.log(p) - np.log1p(-p)

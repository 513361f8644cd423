"""Which share of the deals that enter a stage is won in the end, and what do the closed ones alone say?

Here belong the rates by stage and segment with their intervals. Not here: single deals.

1. The calibrated probability follows from the hazards of all stays, open ones censored; it is that of a deal on the day
   it enters the stage.
2. A segment's rates are the company's times a multiplier by cause, shrunk (empirical Bayes).
3. The interval holds the posterior of the rates (Gamma, drawn) and what the past quarters' level leaves unknown.
"""

import numpy as np
import pandas as pd

from models_ml.forecasting.hazards import CAUSES, Hazards
from models_ml.forecasting.outlook import Evidence, Outlook
from models_ml.forecasting.probabilities import exits, won_from_start
from models_ml.forecasting.shrinkage import multipliers
from models_ml.forecasting.stays import AHEAD, LOST, WON

DRAWS = 400
ALL = "all"


def calibrate(evidence: Evidence, plain: Outlook, seed: int) -> pd.DataFrame:
    """One row a stage and segment; `plain` is the outlook by stage alone."""
    hazards, ladder = plain.hazards, evidence.book.ladder
    families = sorted(evidence.stays["procedure_family"].dropna().unique())
    rng = np.random.default_rng([seed, 5])
    factors = rng.gamma(hazards.shapes, 1 / hazards.shapes, (DRAWS, *hazards.shapes.shape))
    drawn = hazards.rates[None] * factors[:, :, None, :]
    unsure = np.exp(plain.level.draw_level(DRAWS, rng))
    drawn[..., WON] *= (unsure / unsure.mean())[:, None, None]
    factor, sureness = _segments(evidence, hazards, families)

    entered = evidence.stays.drop_duplicates(["opportunity_id", "stage"])
    entered = entered[entered["weight"] == 1.0].merge(
        evidence.book.deals[["opportunity_id", "is_closed", "is_won"]], on="opportunity_id"
    )
    stated = entered["stated"].fillna(pd.Series(ladder.stated[entered["stage"].to_numpy(int)], index=entered.index))
    entered = entered.assign(stated=stated)
    rows = []
    for number, segment in enumerate([ALL, *families]):
        if segment == ALL:
            of, point, sample = entered, hazards.rates[None], drawn
        else:
            of = entered[entered["procedure_family"] == segment]
            spread = rng.gamma(sureness[number - 1], 1 / sureness[number - 1], (DRAWS, CAUSES))
            point, sample = (
                hazards.rates[None] * factor[number - 1],
                drawn * (factor[number - 1] * spread)[:, None, None],
            )
        value = _won(hazards, point)[0]
        lower, upper = np.quantile(_won(hazards, sample), [0.025, 0.975], axis=0)
        by_stage = dict(iter(of.groupby("stage")))
        for place, stage in enumerate(ladder.names):
            here = by_stage.get(place)
            if here is None and segment != ALL:
                continue
            closed = here[here["is_closed"]] if here is not None else None
            rows.append(
                {
                    "stage": stage,
                    "segment": segment,
                    "n": 0 if here is None else len(here),
                    "stated_probability": ladder.stated[place] if here is None else here["stated"].mean(),
                    "observed_close_rate": np.nan if closed is None or closed.empty else closed["is_won"].mean(),
                    "calibrated_probability": value[place],
                    "lower": min(lower[place], value[place]),
                    "upper": max(upper[place], value[place]),
                }
            )
    return pd.DataFrame(rows)


def _won(hazards: Hazards, rates: np.ndarray) -> np.ndarray:
    """The chance to be won from the entry into each stage, for each draw of the rates."""
    return won_from_start(hazards, exits(rates, np.zeros(len(rates))))


def _segments(evidence: Evidence, hazards: Hazards, families: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Each family's multipliers by cause and the shapes of their posteriors."""
    pieces = evidence.pieces
    family = evidence.stays["procedure_family"].to_numpy()[pieces["stay"].to_numpy(int)]
    place = pd.Categorical(family, categories=families).codes
    rates = hazards.rates[pieces["stage"].to_numpy(int), pieces["band"].to_numpy(int)]
    expected = rates * pieces["weeks"].to_numpy()[:, None]
    factor, shape = np.ones((len(families), CAUSES)), np.full((len(families), CAUSES), 1e6)
    for cause in (AHEAD, WON, LOST):
        seen = np.where(pieces["event"].to_numpy(int) == cause, pieces["weight"].to_numpy(), 0.0)
        factor[:, cause], shape[:, cause] = multipliers(
            np.bincount(place, seen, len(families)), np.bincount(place, expected[:, cause], len(families))
        )
    return factor, shape

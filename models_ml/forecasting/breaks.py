"""Do deals win less, or more, since two quarters ago than they did before?

Here belongs the comparison of the newest two whole quarters with those before. Not here: the level that paths start from,
which follows the quarters by itself (see `shocks`).

1. Wins are compared with those that the same stays at the same rates would have had, so that a fuller pipeline is no break.
2. The interval holds the chance of counts and the usual shock of a quarter, as the quarters before the newest two show it.
"""

import numpy as np
import pandas as pd

from models_ml.forecasting.shocks import fit_level

LEAST_QUARTERS = 4


def win_rate_break(wins: pd.DataFrame, quarter: int) -> tuple[float, float, float]:
    """The ratio of the newest two whole quarters to those before, with a 95 % interval; NaN where history is short."""
    company = wins[wins["quarter"] < quarter].groupby("quarter")[["observed", "expected"]].sum()
    if len(company) < LEAST_QUARTERS:
        return np.nan, np.nan, np.nan
    company = company.reindex(range(int(company.index.min()), quarter), fill_value=0.0)
    observed, expected = company["observed"].to_numpy(), company["expected"].to_numpy()
    new, old = slice(-2, None), slice(None, -2)
    if expected[new].sum() <= 0 or observed[old].sum() <= 0:
        return np.nan, np.nan, np.nan
    usual = observed[old].sum() / expected[old].sum()
    shock = fit_level(observed[old], expected[old] * usual).typical_shock
    ratio = (observed[new].sum() + 0.5) / (expected[new].sum() * usual + 0.5)
    variance = 1 / (observed[new].sum() + 0.5) + 1 / (observed[old].sum() + 0.5)
    variance += shock**2 * (1 / 2 + 1 / max(len(observed) - 2, 1))
    width = 1.96 * np.sqrt(variance)
    return float(ratio), float(ratio * np.exp(-width)), float(ratio * np.exp(width))

"""Which uncalled providers do clearly more than they used to, whatever the market does?

1. Only focus families, and only providers of whom it is known that nobody calls them.
2. The newest usable months are compared with up to two years of the provider's own before the newest half year, so that a rise which
   began within it is not its own yardstick. Windows of two to six months find young and older rises.
3. Season, market and incomplete months cancel in the share of the market (`models_ml.volume.comparison`); months of which less
   than half is known are left out.
4. Overdispersion is the family's, or the provider's own where it has shown it (`models_ml.volume.noise`). Where an older window, tested
   in the same way, scatters more than it should (slow swings, by the middle two thirds), that excess is added.
5. Too few procedures to be able to tell are not tested: the number of tests depends on both windows together, never on the rise.
6. Who began with the family within the newest twelve months does not rise but is new, which is another finding; who came into the
   reach of the claim lines within the base months (`models_ml.volume.panel`) has no base.

q-values by Benjamini & Hochberg (1995) over the night's tests; the filter is independent of the test, Bourgon et al. (2010).
"""

import datetime as dt
import json

import numpy as np
import pandas as pd

from models_ml.blind_spots.tail import combine, rise_p_value
from models_ml.evaluation import benjamini_hochberg
from models_ml.volume.comparison import Comparison, compare
from models_ml.volume.noise import Noise, estimate_noise
from models_ml.volume.panel import Panel, build_panels

WINDOWS = (2, 3, 4, 6)
LONGEST_BASE = 24
SHORTEST_BASE = 6
LEAST_EXPECTED = 1.0
NEW_MONTHS = 12
LEAST_PLACEBO = 10.0
LEAST_SERIES = 50
PLACEBO_WIDTH = 4
MIDDLE_TWO_THIRDS = 0.9674
ROUNDS = 2
STANDS_OUT = 1.5


def tested_providers(
    volume_months: pd.DataFrame, claim_lags: pd.DataFrame, status: pd.DataFrame, as_of: dt.date
) -> pd.DataFrame:
    """One row a tested provider and focus family."""
    uncalled = status.loc[status["is_uncalled"].fillna(False).astype(bool), "npi"]
    parts = [
        _test_family(panel, uncalled)
        for panel in build_panels(volume_months, claim_lags, as_of)
        if panel.is_focus and len(panel.months) >= max(WINDOWS) + SHORTEST_BASE
    ]
    tested = pd.concat([part for part in parts if len(part)] or [pd.DataFrame()], ignore_index=True)
    if tested.empty:
        return tested
    tested["q_value"] = benjamini_hochberg(tested["p_value"].to_numpy())
    return tested.sort_values(["npi", "procedure_family"], kind="stable")


def _test_family(panel: Panel, uncalled: pd.Series) -> pd.DataFrame:
    last = len(panel.months)
    noise = estimate_noise(panel.counts[:, : last - max(WINDOWS)])
    base = np.arange(max(0, last - max(WINDOWS) - LONGEST_BASE), last - max(WINDOWS))
    comparisons = [_against_unchanged(panel, noise, np.arange(last - width, last), base) for width in WINDOWS]
    excess = _placebo_excess(panel, noise)
    p_values = np.column_stack([_p_value(each, noise, excess) for each in comparisons])
    testable = np.column_stack([(each.newer + each.older) * each.share / noise.phi for each in comparisons])
    p_values[testable < LEAST_EXPECTED] = np.nan
    p_values[panel.counts[:, : max(last - NEW_MONTHS, last // 2)].sum(axis=1) <= 0] = np.nan
    p_values[panel.begins > base[0]] = np.nan
    combined = combine(p_values)
    rows = np.flatnonzero(~np.isnan(combined) & pd.Index(panel.npis).isin(uncalled))
    best = np.argmin(np.where(np.isnan(p_values), 2.0, p_values), axis=1)[rows]
    newer, older, share, market = (
        np.column_stack([getattr(each, name) for each in comparisons])[rows, best]
        for name in ("newer", "older", "share", "market")
    )
    expected = older * share / (1 - share)
    widths = np.array(WINDOWS)[best]
    return pd.DataFrame(
        {
            "npi": panel.npis[rows],
            "procedure_family": panel.family,
            "observed": newer,
            "expected": expected,
            "rate_ratio": np.where(expected > 0, newer / np.where(expected > 0, expected, 1.0), np.nan),
            "p_value": combined[rows],
            "months_compared": widths,
            "evidence": _evidence(panel, newer, expected, market, widths, len(base)),
        }
    )


def _against_unchanged(panel: Panel, noise: Noise, newer: np.ndarray, older: np.ndarray) -> Comparison:
    """The market is what those do who do not themselves stand out, so that many risers do not hide each other."""
    comparison = compare(panel, noise, newer, older)
    for _ in range(ROUNDS):
        apart = comparison.standardised(noise)
        comparison = compare(panel, noise, newer, older, np.abs(apart - np.median(apart)) <= STANDS_OUT)
    return comparison


def _p_value(comparison: Comparison, noise: Noise, excess: float) -> np.ndarray:
    return rise_p_value(
        comparison.newer / noise.phi, comparison.older / noise.phi, comparison.share, comparison.variance + excess
    )


def _placebo_excess(panel: Panel, noise: Noise) -> float:
    """The variance by which log ratios of an older window exceed what the noise explains; 0 where history is too short."""
    end = len(panel.months) - max(WINDOWS)
    older = np.arange(max(0, end - max(WINDOWS) - LONGEST_BASE), end - max(WINDOWS))
    if len(older) < SHORTEST_BASE:
        return 0.0
    placebo = _against_unchanged(panel, noise, np.arange(end - PLACEBO_WIDTH, end), older)
    known = (placebo.newer + placebo.older) * placebo.share >= LEAST_PLACEBO * noise.phi
    if known.sum() < LEAST_SERIES:
        return 0.0
    low, high = 0.0, 4.0
    if _spread(placebo.standardised(noise)[known]) <= 1:
        return 0.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _spread(placebo.standardised(noise, middle)[known]) > 1 else (low, middle)
    return high


def _spread(standardised: np.ndarray) -> float:
    """The standard deviation by the middle two thirds."""
    low, high = np.quantile(standardised, [1 / 6, 5 / 6])
    return float((high - low) / (2 * MIDDLE_TWO_THIRDS))


def _evidence(
    panel: Panel, newer: np.ndarray, expected: np.ndarray, market: np.ndarray, widths: np.ndarray, base_months: int
) -> list[str]:
    """What a reader needs to check the flag, as JSON; rates per month make windows of different length comparable."""
    complete = np.array([panel.complete[-width:].mean() for width in WINDOWS])[np.searchsorted(WINDOWS, widths)]
    change = np.exp(market) * base_months / widths - 1
    return [
        json.dumps(
            {
                "observed": round(float(o), 1),
                "expected": round(float(e), 1),
                "months": int(width),
                "newest_month": f"{panel.months[-1]:%Y-%m}",
                "base_months": base_months,
                "completeness": round(float(share), 3),
                "market_change": round(float(moved), 3),
            }
        )
        for o, e, width, share, moved in zip(newer, expected, widths, complete, change, strict=True)
    ]

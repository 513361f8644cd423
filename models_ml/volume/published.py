"""Growth from published years, for providers of whom there are no claim lines.

A provider that a year does not list is unknown in that year (fewer than eleven patients are not published), so only providers listed in
both years are compared, and they alone are each other's market.
"""

import numpy as np
import pandas as pd

from models_ml.evaluation import as_numbers

LEAST_PAIRS = 20
MIDDLE_TWO_THIRDS = 0.9674
UNTOLD = 0.04


def published_changes(public_years: pd.DataFrame) -> pd.DataFrame:
    """One row a provider and family that is listed at all; growth is missing where one of the two newest years is."""
    rows = pd.DataFrame(
        {
            "npi": public_years["npi"].astype(object),
            "procedure_family": public_years["procedure_family"].astype(object),
            "is_focus": public_years["is_focus"].fillna(False).astype(bool),
            "year": as_numbers(public_years["year"]),
            "services": as_numbers(public_years["services"]),
        }
    ).dropna()
    rows = rows[rows["services"] > 0]
    return pd.concat([_family(part) for _, part in rows.groupby("procedure_family", sort=True)] or [rows.iloc[:0]])


def _family(rows: pd.DataFrame) -> pd.DataFrame:
    newest = rows["year"].max()
    years = rows.pivot_table(index=["npi", "procedure_family"], columns="year", values="services", aggfunc="sum")
    years = years.reindex(columns=[newest - 2, newest - 1, newest])
    earlier, older, newer = (years.iloc[:, place] for place in range(3))
    growth, market, counting = _pair(newer, older)
    before, _, counting_before = _pair(older, earlier)
    scatter = _scatter(growth - before, counting + counting_before + 2 / older, growth, counting)
    return pd.DataFrame(
        {
            "is_focus": bool(rows["is_focus"].any()),
            "yearly": newer,
            "newer": newer,
            "older": older,
            "per_year": 1.0,
            "log_growth": growth,
            "market": market,
            "variance": counting + scatter,
        }
    ).reset_index()


def _pair(newer: pd.Series, older: pd.Series) -> tuple[pd.Series, float, pd.Series]:
    """Log growth against those listed in both years, the market's own, and the variance of counting."""
    both = newer.notna() & older.notna()
    market = float(np.log(newer[both].sum() / older[both].sum())) if both.any() else 0.0
    return np.log((newer + 0.5) / (older + 0.5)) - market, market, 1 / newer + 1 / older


def _scatter(change: pd.Series, counting: pd.Series, growth: pd.Series, own_counting: pd.Series) -> float:
    """The variance of growth between two years beyond counting when nothing has changed.

    Steady growth cancels in the change of growth, in which a year's scatter counts six times (1 + 4 + 1). Where there is no third
    year, the middle two thirds of all growth are taken for scatter.
    """
    if change.notna().sum() >= LEAST_PAIRS:
        return max(_middle_variance(change) - float(counting[change.notna()].median()), 0.0) / 3
    if growth.notna().sum() >= LEAST_PAIRS:
        return max(_middle_variance(growth) - float(own_counting.median()), 0.0)
    return UNTOLD


def _middle_variance(values: pd.Series) -> float:
    low, high = np.quantile(values.dropna(), [1 / 6, 5 / 6])
    return float(((high - low) / (2 * MIDDLE_TWO_THIRDS)) ** 2)

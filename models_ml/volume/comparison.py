"""A provider's newer months against its own older ones, beside what everybody else did in the same months.

1. Without a change of its own, a provider's share of the family's market is the same in both windows: season, growth of the
   market and months that are not yet complete act on all alike and cancel.
2. The provider itself is taken out of the market it is compared with.
3. A region's market may move apart from the family's. How far regions do so is estimated; a region is believed as far as its
   size allows, the rest of the doubt widens the variance.

Regions by DerSimonian & Laird (1986).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.volume.noise import Noise
from models_ml.volume.panel import Panel

LARGEST = 1e4


@dataclass(frozen=True)
class Comparison:
    """For each provider of a panel: both sums, the log of the market's newer over older, and the variance around it.

    `variance` is that of the log ratio apart from counting: overdispersion and doubt about the market.
    """

    newer: np.ndarray
    older: np.ndarray
    market: np.ndarray
    variance: np.ndarray

    def standardised(self, noise: Noise, excess: float = 0.0) -> np.ndarray:
        """The log ratio against the market in units of its standard deviation, counting included."""
        newer, older = self.newer / noise.phi + 0.5, self.older / noise.phi + 0.5
        return (np.log(newer / older) - self.market) / np.sqrt(self.variance + excess + 1 / newer + 1 / older)

    @property
    def share(self) -> np.ndarray:
        """The part of a provider's procedures that falls into the newer window when nothing has changed."""
        return 1 / (1 + np.exp(-self.market))


def compare(
    panel: Panel, noise: Noise, newer: np.ndarray, older: np.ndarray, among: np.ndarray | None = None
) -> Comparison:
    """Windows are positions in `panel.months`; `among` marks the providers that make up the market (all by default)."""
    counts = panel.counts
    y_new, y_old = counts[:, newer].sum(axis=1), counts[:, older].sum(axis=1)
    sums = np.column_stack([y_new, y_old, (counts[:, newer] ** 2).sum(axis=1), (counts[:, older] ** 2).sum(axis=1)])
    part = sums if among is None else sums * among[:, None]
    family, family_doubt = _log_ratio(part.sum(axis=0) - part, noise)
    region, regions = pd.factorize(panel.regions, sort=True)
    by_region = np.zeros((len(regions), 4))
    np.add.at(by_region, region, part)
    apart, doubt = _log_ratio(by_region, noise)
    spread = _between(apart, doubt)
    own, own_doubt = _log_ratio(by_region[region] - part, noise)
    trust = np.where(panel.regions == "", 0.0, spread / (spread + own_doubt))
    market = family + trust * (own - family)
    variance = family_doubt * (1 - trust) ** 2 + trust**2 * own_doubt + spread * (1 - trust) ** 2
    overdispersion = noise.own * (_concentration(counts, newer) + _concentration(counts, older))
    return Comparison(y_new, y_old, market, overdispersion + variance)


def _concentration(counts: np.ndarray, window: np.ndarray) -> float:
    season = counts[:, window].sum(axis=0)
    return float((season**2).sum() / season.sum() ** 2)


def _log_ratio(sums: np.ndarray, noise: Noise) -> tuple[np.ndarray, np.ndarray]:
    """Log of newer over older and its variance, from sums of counts and of squared counts; nothing there: nothing known."""
    new, old, new_squared, old_squared = np.maximum(sums, 0.0).T
    ratio = np.log((new + 0.5) / (old + 0.5))
    doubt = sum(
        noise.phi / (total + 0.5) + noise.alpha * squared / (total + 0.5) ** 2
        for total, squared in ((new, new_squared), (old, old_squared))
    )
    nothing = (new <= 0) | (old <= 0)
    return np.where(nothing, 0.0, ratio), np.where(nothing, LARGEST, np.maximum(doubt, 1e-9))


def _between(values: np.ndarray, doubt: np.ndarray) -> float:
    """The variance between regions beyond that of their estimates; never quite zero."""
    weight = 1 / doubt
    if len(values) < 2 or (doubt < LARGEST).sum() < 2:
        return 1e-6
    centre = (weight * values).sum() / weight.sum()
    excess = (weight * (values - centre) ** 2).sum() - (len(values) - 1)
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return float(max(excess / scale, 1e-6))

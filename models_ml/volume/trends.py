"""Who gains and who loses, against the market of the same family?

1. Growth is what the newest twelve usable months are over the twelve before, as a yearly rate; a shorter history is halved.
2. It is measured against the market in the same months (`models_ml.volume.comparison`): a market that grows moves nobody.
3. What is seen of a provider is shrunk towards its peers in the family (`models_ml.volume.shrinkage`).
4. Who did nothing in the older months is new, which is no growth. Who moved into the reach of the claim lines within them
   (`models_ml.volume.panel`) is no grower either: nothing of it is compared.
5. Providers whom claim lines do not compare in a family are compared between published years (`models_ml.volume.published`).
6. Gaining or losing: credible (95 %) and by at least a tenth. Below twelve procedures a year nothing is said.
"""

import datetime as dt

import numpy as np
import pandas as pd

from models_ml.evaluation import timestamp
from models_ml.volume.comparison import compare
from models_ml.volume.noise import estimate_noise
from models_ml.volume.panel import Panel, build_panels
from models_ml.volume.published import published_changes
from models_ml.volume.shrinkage import mixture_weights, posterior

YEAR = 12
SHORTEST_HISTORY = 8
LEAST_YEARLY = 12.0
LEAST_CHANGE = 0.1
LEAST_PEERS = 30


def all_changes(
    volume_months: pd.DataFrame, public_years: pd.DataFrame, claim_lags: pd.DataFrame, as_of: dt.date, lag_days: int
) -> pd.DataFrame:
    """One row a provider and family: both windows, the observed log growth a year against the market, its variance."""
    panels = [
        panel for panel in build_panels(volume_months, claim_lags, as_of) if len(panel.months) >= SHORTEST_HISTORY
    ]
    newest = timestamp(as_of - dt.timedelta(days=lag_days - 1)).to_period("M").to_timestamp()
    claims = [_panel_changes(panel, newest - pd.DateOffset(months=1)) for panel in panels]
    public = published_changes(public_years)
    keys = ["npi", "procedure_family"]
    changes = pd.concat([part for part in [*claims, public] if len(part)] or [public], ignore_index=True)
    return changes.drop_duplicates(keys, keep="first").sort_values(keys, kind="stable", ignore_index=True)


def across_families(changes: pd.DataFrame) -> pd.DataFrame:
    """The focus families of each provider together, each against its own market.

    What a provider would have done in the newer window without a change of its own is added up over families, given all that it
    did in both; the variance is that of the families, weighted by their part.
    """
    focus = changes[changes["is_focus"]]
    total = (focus["newer"] + focus["older"]).where(focus["log_growth"].notna())
    share = 1 / (1 + np.exp(-focus["market"]))
    parts = pd.DataFrame(
        {
            "npi": focus["npi"],
            "yearly": focus["yearly"].fillna(0.0),
            "newer": focus["newer"].where(total.notna()),
            "older": focus["older"].where(total.notna()),
            "expected": total * share,
            "rest": total * (1 - share),
            "total": total,
            "spread": focus["variance"] * total**2,
            "pace": focus["per_year"] * total,
        }
    )
    sums = parts.groupby("npi", sort=True).sum(min_count=1).reset_index()
    observed = np.log((sums["newer"] + 0.5) / (sums["older"] + 0.5)) - np.log(sums["expected"] / sums["rest"])
    sums["log_growth"] = observed * sums["pace"] / sums["total"]
    sums["variance"] = sums["spread"] / sums["total"] ** 2
    return sums


def shrink(changes: pd.DataFrame, peers: pd.Series) -> pd.DataFrame:
    """Growth, interval and direction of each row; `peers` names the group towards which it is shrunk."""
    values, variances = changes["log_growth"].to_numpy(dtype=float), changes["variance"].to_numpy(dtype=float)
    yearly = changes["yearly"].to_numpy(dtype=float)
    seen = np.isfinite(values) & np.isfinite(variances) & (changes["older"].to_numpy(dtype=float) > 0)
    telling = seen & (yearly >= LEAST_YEARLY)
    estimates = np.full((3, len(changes)), np.nan)
    pooled = mixture_weights(values[telling], variances[telling])
    for _, group in changes.groupby(peers.to_numpy(), sort=True).indices.items():
        own = group[telling[group]]
        weights = mixture_weights(values[own], variances[own]) if len(own) >= LEAST_PEERS else pooled
        rows = group[seen[group]]
        estimates[:, rows] = posterior(values[rows], variances[rows], weights)
    growth, lower, upper = np.expm1(estimates)
    known = seen & (yearly >= LEAST_YEARLY)
    gaining, losing = (lower > 0) & (growth >= LEAST_CHANGE), (upper < 0) & (growth <= -LEAST_CHANGE)
    direction = np.select([~known, gaining, losing], ["unknown", "gaining", "losing"], "steady")
    return changes.assign(growth=growth, lower=lower, upper=upper, direction=direction)


def _panel_changes(panel: Panel, complete_by: pd.Timestamp) -> pd.DataFrame:
    last = len(panel.months)
    usable = min(last, 2 * YEAR)
    split = last - usable // 2
    newer, older = np.arange(split, last), np.arange(last - usable, split)
    noise = estimate_noise(panel.counts)
    comparison = compare(panel, noise, newer, older)
    age = (panel.months - panel.months[0]).days.to_numpy()
    per_year = 365.25 / (age[newer].mean() - age[older].mean())
    year = (panel.months > complete_by - pd.DateOffset(months=YEAR)) & (panel.months <= complete_by)
    after, before = comparison.newer / noise.phi + 0.5, comparison.older / noise.phi + 0.5
    changes = pd.DataFrame(
        {
            "npi": panel.npis,
            "procedure_family": panel.family,
            "is_focus": panel.is_focus,
            "yearly": panel.counts[:, year].sum(axis=1),
            "newer": comparison.newer,
            "older": comparison.older,
            "per_year": per_year,
            "log_growth": (np.log(after / before) - comparison.market) * per_year,
            "market": comparison.market,
            "variance": (comparison.variance + 1 / after + 1 / before) * per_year**2,
        }
    )
    return changes[(comparison.newer + comparison.older > 0) & (panel.begins <= older[0])]

"""A manager's whole team against its opportunity: the verdicts of its territories taken together.

1. Each territory counts alike: what is asked is whether the team is low throughout, not whether its largest territory is.
2. The territories of a team are a part of the others' yardstick, which makes their deviations cancel a little: the test is cautious.

Stouffer et al. (1949). Not here: verdicts of territories.
"""

import numpy as np
import pandas as pd
from scipy.stats import norm

from models_ml.evaluation import benjamini_hochberg
from models_ml.territories.verdicts import FLAGGED_AT

FEWEST_TERRITORIES = 2


def judge_managers(verdicts: pd.DataFrame, team_territories: pd.DataFrame) -> pd.DataFrame:
    """One row a manager who has a territory at all."""
    month = verdicts["month"].iloc[0]
    members = team_territories[pd.to_datetime(team_territories["month"]) == month]
    primary = verdicts[~verdicts["is_overlay"].astype("boolean").fillna(False).astype(bool)]
    teams = members[["manager_id", "territory_id"]].drop_duplicates().merge(primary, on="territory_id")
    compared = int(primary["p_value"].notna().sum())
    rows = [_team(manager, team, compared) for manager, team in teams.groupby("manager_id", sort=True)]
    managers = pd.DataFrame(rows, columns=["manager_id", "territories", "judged", "reason", "observed_usd", "expected_usd",
                                           "lower_usd", "upper_usd", "p_value"])  # fmt: skip
    managers["month"] = month
    managers["window_months"] = verdicts["window_months"].iloc[0]
    managers["q_value"] = benjamini_hochberg(managers["p_value"].to_numpy(dtype=float))
    tested = managers["p_value"].notna()
    managers["is_underperforming"] = (managers["q_value"] <= FLAGGED_AT).astype("boolean").mask(~tested)
    managers["why"] = [_sentence(row) for row in managers.itertuples()]
    return managers


def _team(manager: str, team: pd.DataFrame, compared: int) -> tuple:
    judged = team[team["p_value"].notna()]
    count = len(judged)
    observed, expected = team["observed_usd"].sum(), team["expected_usd"].sum(min_count=1)
    reason = ""
    if compared == 0 or count < FEWEST_TERRITORIES:
        reason = f"Cannot tell: {count} of the team's {len(team)} territories can be judged; {FEWEST_TERRITORIES} are needed."
    elif count > compared / 2:
        reason = f"Cannot tell: the team holds {count} of the {compared} territories that can be judged; too few are left to compare it with."
    if reason:
        return manager, len(team), count, reason, observed, expected, np.nan, np.nan, np.nan
    z = norm.ppf(np.clip(judged["p_value"].to_numpy(), 1e-12, 1 - 1e-12)).sum() / np.sqrt(count)
    p_value = norm.cdf(z)
    observed, expected = judged["observed_usd"].sum(), judged["expected_usd"].sum()
    spread = (np.log(judged["upper_usd"] / judged["lower_usd"].clip(lower=1.0)) / 2).to_numpy()
    spread = np.sqrt(np.sum((judged["expected_usd"].to_numpy() * spread) ** 2)) / expected
    lower, upper = expected * np.exp(-spread), expected * np.exp(spread)
    return manager, len(team), count, reason, observed, expected, lower, upper, float(p_value)


def _sentence(row) -> str:
    if row.reason:
        return row.reason
    opening = (
        "The team lies below what its territories should take"
        if row.is_underperforming
        else "Within what chance explains"
    )
    return (
        f"{opening}: {row.observed_usd:,.0f} USD of orders in the {row.window_months} months to {row.month:%B %Y} against"
        f" {row.expected_usd:,.0f} expected (90 % between {row.lower_usd:,.0f} and {row.upper_usd:,.0f}) of its {row.judged}"
        f" territories that can be judged (p {row.p_value:.2g}, q {row.q_value:.2g})."
    )

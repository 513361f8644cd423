"""The pipeline as the CRM shows it at as-of: opportunities, their history, commits and quotas.

Stated probabilities are too high and each rep's own; close dates slip; commits carry each rep's bias.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_world.clock import as_of_day, fiscal_quarter
from sample_world.company import STAGES
from sample_world.crm_structure import Structure
from sample_world.deals import LOST, OPEN_STAGES, WON, Deals
from sample_world.streams import stream

_CATEGORY = np.array(
    [None, "Pipeline", "Pipeline", "Best Case", "Best Case", "Commit", "Closed", "Omitted"], dtype=object
)
_PERIODS = 17


@dataclass(frozen=True)
class Pipeline:
    """Tables in the world's own columns; Ids are given where they are written."""

    opportunities: pd.DataFrame
    history: pd.DataFrame
    commits: pd.DataFrame
    quotas: pd.DataFrame
    bias: np.ndarray  # log optimism of each user's commits
    inflation: np.ndarray  # percentage points that each user adds to a stage's probability


def make_pipeline(seed: int, structure: Structure, deals: Deals) -> Pipeline:
    """Cut the story of the deals at as-of and dress it as the reps would."""
    rng = stream(seed, "pipeline")
    users = len(structure.users)
    bias = rng.normal(0, 0.10, size=users)
    reps = np.unique(np.concatenate([structure.rep_now, structure.rep_before]))
    planted = rng.permutation(reps)
    bias[planted[: max(1, len(reps) // 6)]] = 0.42
    bias[planted[len(reps) // 6 : len(reps) // 3]] = -0.38
    inflation = np.clip(rng.normal(6, 6, size=users), -8, 18)
    history = _history(rng, deals, inflation)
    current = history.drop_duplicates("deal", keep="last").set_index("deal")
    table = deals.deals.loc[current.index].copy()
    for column in ("stage", "probability", "close_on", "amount_now"):
        table[column] = current[column]
    table["modified"] = current["at"]
    table["created_at"] = history.drop_duplicates("deal").set_index("deal")["at"]
    table["is_deleted"] = rng.random(len(table)) < 0.012
    _plant_odd_deals(rng, table, structure)
    commits, quotas = _commits(seed, structure, deals, bias)
    return Pipeline(table, history, commits, quotas, bias, inflation)


def _plant_odd_deals(rng: np.random.Generator, table: pd.DataFrame, structure: Structure) -> None:
    """Deals that no model should swallow: nothing to win, closed before they opened, an owner who has left."""
    lost = table.index[table.stage == LOST].to_numpy()
    empty, backward = np.array_split(rng.choice(lost, size=min(6, len(lost)), replace=False), 2)
    table.loc[empty, "amount_now"] = 0.0
    table.loc[backward, "close_on"] = table.loc[backward, "created_on"] - pd.Timedelta(days=40)
    left = (structure.rep_before != structure.rep_now)[table.territory] & (table.stage <= OPEN_STAGES)
    forgotten = table.index[left][:2]
    table.loc[forgotten, "owner"] = structure.rep_before[table.loc[forgotten, "territory"]]


def _history(rng: np.random.Generator, deals: Deals, inflation: np.ndarray) -> pd.DataFrame:
    """Every stage entered and every close date moved, up to as-of."""
    moves = deals.moves[deals.moves.day <= pd.Timestamp(as_of_day())].copy()
    first = moves.drop_duplicates("deal").set_index("deal")
    promised = pd.to_timedelta(np.round(STAGES.expected_days.sum() * rng.uniform(0.3, 0.9, size=len(first))), unit="D")
    initial = first.day + promised
    close = initial
    end = deals.deals.closed_on.reindex(first.index).fillna(pd.Timestamp("2200-01-01"))
    rows = [moves.assign(rank=0)]
    slips = []
    for _ in range(8):  # a date that passes while the deal is open is moved on
        late = close[(close < end) & (close <= pd.Timestamp(as_of_day()))]
        if late.empty:
            break
        slips.append(pd.DataFrame({"deal": late.index, "day": late.to_numpy(), "stage": 0, "rank": 1}))
        close = close.copy()
        close.loc[late.index] = late + pd.to_timedelta(rng.integers(28, 80, size=len(late)), unit="D")
        slips[-1]["moved_to"] = close.loc[late.index].to_numpy()
    table = (
        pd.concat([*rows, *slips], ignore_index=True)
        .sort_values(["deal", "day", "rank"], kind="stable")
        .reset_index(drop=True)
    )
    by_deal = table.groupby("deal")
    table["stage"] = table.stage.where(table.stage > 0).groupby(table.deal).ffill().astype(int)
    table["close_on"] = table.moved_to.groupby(table.deal).ffill().fillna(table.deal.map(initial))
    is_end = (table.stage > OPEN_STAGES).to_numpy()
    table["close_on"] = table.close_on.where(~is_end, table.day)
    stated = STAGES.stated_probability.to_numpy()[table.stage - 1] + inflation[deals.deals.rep.to_numpy()[table.deal]]
    table["probability"] = np.where(
        table.stage == WON, 100, np.where(table.stage == LOST, 0, np.clip(np.round(stated), 1, 99))
    )
    grown = np.where(rng.random(len(table)) < 0.12, rng.uniform(0.7, 1.25, size=len(table)), 1.0)
    factor = pd.Series(np.where(by_deal.cumcount() == 0, 1.0, grown)).groupby(table.deal).cumprod()
    table["amount_now"] = np.round(deals.deals.amount.to_numpy()[table.deal] * factor, -2)
    table["at"] = table.day + pd.to_timedelta(rng.integers(13 * 60, 21 * 60, size=len(table)), unit="m")
    table["category"] = _CATEGORY[table.stage]
    return table.sort_values(["deal", "at"], kind="stable").reset_index(drop=True)


def won_by_quarter(deals: Deals) -> pd.DataFrame:
    """Amount won by rep and fiscal quarter, the sealed future included."""
    won = deals.deals[deals.deals.final_stage == WON]
    quarter = fiscal_quarter(won.closed_on.to_numpy())
    return won.assign(quarter=quarter).groupby(["owner", "quarter"], as_index=False).amount.sum()


def _commits(seed: int, structure: Structure, deals: Deals, bias: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three submissions a quarter and category, and a quota, for each rep while in seat."""
    rng = stream(seed, "commits")
    first = np.datetime64("2022-05", "M")
    quarters = (first + 3 * np.arange(_PERIODS)).astype("datetime64[D]")
    actual = won_by_quarter(deals).set_index(["owner", "quarter"]).amount
    typical = actual.groupby("owner").mean()
    rows, quotas = [], []
    for territory in range(len(structure.rep_now)):
        for quarter in quarters:
            rep = int(structure.owner(np.array([territory]), np.array([_month(quarter)]))[0])
            usual = float(typical.get(rep, 60_000.0))
            truth = 0.85 * float(actual.get((rep, pd.Timestamp(quarter)), 0.0)) + 0.15 * usual
            quotas.append((rep, quarter, float(np.round(usual * rng.uniform(0.95, 1.25), -3))))
            for number, offset in enumerate((4, 33, 64)):
                day = quarter + offset
                if day > as_of_day():
                    continue
                commit = truth * np.exp(bias[rep] * (1 - 0.25 * number) + rng.normal(0, 0.10))
                for category, factor in (
                    ("Commit", 1.0),
                    ("BestCase", rng.uniform(1.3, 1.8)),
                    ("Pipeline", rng.uniform(2.2, 3.5)),
                ):
                    rows.append((rep, quarter, day, category, float(np.round(commit * factor, -2))))
    return (
        pd.DataFrame(rows, columns=["rep", "quarter", "submitted_on", "category", "amount"]),
        pd.DataFrame(quotas, columns=["rep", "quarter", "quota"]),
    )


def _month(day: np.datetime64) -> int:
    return int((day.astype("datetime64[M]") - np.datetime64("2023-07", "M")).astype(int))

"""Cells and the levels above them: rep, territory, region, company.

Here belong the subjects that get a forecast and how paths, commits and quotas add up to them. Not here: any estimate.

1. A cell is a territory with a rep. Deals without either stand under `unassigned`, so that every level sums to the company.
2. A territory's region is that of its reps, else that of its deals.
3. A commit is the rep's first one of category Commit on or after the first day of the quarter it is for.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.forecasting import frames
from models_ml.forecasting.frames import COMPANY, UNASSIGNED
from models_ml.forecasting.quarters import quarter_of, quarter_start

RECENT = 365.0


@dataclass(frozen=True)
class Cells:
    """Every territory with a rep, sorted; the territories; each cell's share in the new deals of its territory."""

    table: pd.DataFrame
    territories: tuple[str, ...]
    ground: np.ndarray
    share: np.ndarray

    def place(self, frame: pd.DataFrame) -> np.ndarray:
        """The cell of each row."""
        index = pd.MultiIndex.from_frame(self.table[["territory_id", "rep_id"]])
        return index.get_indexer(pd.MultiIndex.from_frame(frame[["territory_id", "rep_id"]]))


def read_reps(reps: pd.DataFrame) -> pd.DataFrame:
    """Each rep once, the active row first; a manager without a territory is no rep (their commits repeat their reps')."""
    reps = frames.read(reps, frames.REPS)
    leads = reps["territory_id"].isna() & reps["rep_id"].isin(reps["manager_id"].dropna())
    reps = reps[reps["rep_id"].notna() & ~leads].fillna({"territory_id": UNASSIGNED, "region": UNASSIGNED})
    reps = reps.sort_values(["rep_id", "is_active", "territory_id"], ascending=[True, False, True], kind="stable")
    return reps.drop_duplicates("rep_id").reset_index(drop=True)


def build_cells(
    all_deals: pd.DataFrame,
    reps: pd.DataFrame,
    named: set[str],
    orders: pd.DataFrame,
    now: float,
    quarters: np.ndarray,
    first_month: int,
) -> Cells:
    """The cells of reps in service or named in commits and quotas, of deals open or won in the quarters, and of orders."""
    keys = ["territory_id", "rep_id"]
    won_in = all_deals["is_won"] & np.isin(quarter_of(all_deals["closed_on"].to_numpy(float), first_month), quarters)
    deals = all_deals[~all_deals["is_closed"] | won_in]
    serving = reps[reps["is_active"] | reps["rep_id"].isin(named)]
    table = pd.concat([serving[keys], deals[keys], orders[keys]]).drop_duplicates()
    recent = all_deals[all_deals["created_on"] >= now - RECENT]
    grounds = set(table["territory_id"]) | set(reps["territory_id"]) | set(recent["territory_id"])
    active = reps.loc[reps["is_active"], keys]
    vacant = sorted(grounds - set(active["territory_id"]))
    table = pd.concat([table, pd.DataFrame({"territory_id": vacant, "rep_id": UNASSIGNED})]).drop_duplicates()
    table = table.sort_values(keys, kind="stable").reset_index(drop=True)
    region = pd.concat([reps[["territory_id", "region"]], all_deals[["territory_id", "region"]]])
    region = region[region["region"] != UNASSIGNED].drop_duplicates("territory_id").set_index("territory_id")["region"]
    table["region"] = table["territory_id"].map(region).fillna(UNASSIGNED)
    territories = tuple(sorted(table["territory_id"].unique()))
    ground = pd.Categorical(table["territory_id"], categories=list(territories)).codes.astype(int)

    index = pd.MultiIndex.from_frame(table[keys])
    counts = recent.groupby(keys).size().reindex(index, fill_value=0).to_numpy(float)
    takes = index.isin(pd.MultiIndex.from_frame(active)) | (
        table["territory_id"].isin(vacant) & (table["rep_id"] == UNASSIGNED)
    )
    weight = np.where(takes, counts + 0.5, 0.0)
    share = weight / np.maximum(np.bincount(ground, weight, len(territories)), 1e-9)[ground]
    return Cells(table, territories, ground, share)


def commits_and_quotas(
    commits: pd.DataFrame, quotas: pd.DataFrame, now: float, first_month: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """First commits and quotas by rep and quarter, as known at `now`."""
    commits = frames.read(commits, frames.COMMITS).dropna(
        subset=["rep_id", "quarter_start", "submitted_on", "amount_usd"]
    )
    commits["quarter"] = quarter_of(commits["quarter_start"].to_numpy(float), first_month)
    begun = commits["submitted_on"] >= quarter_start(commits["quarter"], first_month)
    is_commit = commits["category"].astype(str).str.strip().str.lower() == "commit"
    commits = commits[begun & is_commit & (commits["submitted_on"] < now)]
    commits = commits.sort_values(["rep_id", "quarter", "submitted_on", "amount_usd"], kind="stable")
    commits = commits.drop_duplicates(["rep_id", "quarter"])[["rep_id", "quarter", "amount_usd"]]
    quotas = frames.read(quotas, frames.QUOTAS).dropna(subset=["rep_id", "quarter_start", "quota_usd"])
    quotas["quarter"] = quarter_of(quotas["quarter_start"].to_numpy(float), first_month)
    quotas = quotas.groupby(["rep_id", "quarter"], as_index=False)["quota_usd"].sum()
    return commits.rename(columns={"amount_usd": "usd"}), quotas.rename(columns={"quota_usd": "usd"})


def members(cells: Cells) -> list[tuple[str, str, np.ndarray]]:
    """Every subject of every level with the cells that belong to it."""
    table = cells.table
    result = []
    for level, column in (("rep", "rep_id"), ("territory", "territory_id"), ("region", "region")):
        for subject, rows in table.groupby(column, sort=True).groups.items():
            result.append((level, str(subject), np.asarray(rows)))
    return [*result, ("company", COMPANY, np.arange(len(table)))]


def subject_of_rep(cells: Cells, reps: pd.DataFrame) -> pd.DataFrame:
    """For every rep the subject that its commit and quota count for, by level."""
    region = cells.table.drop_duplicates("territory_id").set_index("territory_id")["region"]
    table = reps[["rep_id", "territory_id"]].copy()
    table["region"] = table["territory_id"].map(region).fillna(UNASSIGNED)
    return table.assign(rep=table["rep_id"], territory=table["territory_id"], company=COMPANY)

"""A move in words and figures, and what a territory's balance comes to.

Every figure is one of the ZIP or the territory that the field may read. Not here: which ZIPs move.
"""

import json

import numpy as np

from models_ml.alignment.bounds import MEASURES


def reason(giver: str, taker: str, before: np.ndarray, row, goes_with: str, verdict: str) -> str:
    """Why the ZIP of `row` should move; `before` holds the indexes of giver and taker, `verdict` what is left of either."""
    if goes_with:
        moves = f"this ZIP holds nothing and goes with its neighbour {goes_with}, which moves"
    else:
        moves = (
            f"{_counted(row.workload_hours, 'hour')} a year, {row.opportunity_usd:,.0f} USD of opportunity"
            f" and {_counted(row.relationships, 'relationship')} move"
        )
    return f"{giver} carries {_loads(before[0])}, its neighbour {taker} {_loads(before[1])}; {moves}.{verdict}"


def effect(row, goes_with: str, before: np.ndarray, after: np.ndarray, is_within: bool) -> str:
    """The same as JSON: what this ZIP hands over, and both territories before and after all moves."""
    return json.dumps({
        "workload_hours": round(float(row.workload_hours), 2),
        "opportunity_usd": round(float(row.opportunity_usd), 2),
        "relationships_moved": int(row.relationships),
        "open_deals_moved": int(row.open_deals),
        "customers_moved": int(row.customers),
        "goes_with_zip5": goes_with or None,
        "from": _indexes(before[0], after[0]),
        "to": _indexes(before[1], after[1]),
        "all_within_10_percent_after": is_within,
    })  # fmt: skip


def verdict(before: np.ndarray, after: np.ndarray, is_outside: bool, moves: int, proof: str) -> str:
    """What a manager of an unbalanced territory is told."""
    opening = f"Against the average territory with a rep it holds {_loads(before)}"
    told = f"{opening}; {_counted(moves, 'proposed ZIP move')} would leave {_loads(after)}" if moves else opening
    if not is_outside:
        return f"{told}."
    if proof:
        return f"{told}. Balance within 10 % is proven out of reach: {proof}."
    return f"{told}. Balance within 10 % was not reached by moving ZIPs to neighbours one by one; that is no proof."


def _loads(index: np.ndarray) -> str:
    return " and ".join(
        f"{100 * share:.0f} % of an average {name}" for share, name in zip(index, MEASURES, strict=True)
    )


def _indexes(before: np.ndarray, after: np.ndarray) -> dict[str, float]:
    figures = {}
    for column, name in enumerate(MEASURES):
        figures[f"{name}_index_before"] = round(float(before[column]), 4)
        figures[f"{name}_index_after"] = round(float(after[column]), 4)
    return figures


def _counted(number: float, what: str) -> str:
    whole = f"{number:,.0f}"
    return f"{'no' if whole == '0' else whole} {what}{'' if whole == '1' else 's'}"

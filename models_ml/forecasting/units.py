"""How many units does a dollar of won deals mean to manufacturing, by procedure family?

Here belongs the price read from orders of the last year. Not here: which deals are won.
"""

import pandas as pd

from models_ml.forecasting import frames

YEAR = 365.0
ANY = ""  # the key under which the company's own mean stands


def units_per_usd(order_months: pd.DataFrame, now: float) -> dict[str, float]:
    """Units a dollar by family, and over all families; empty where orders tell no price."""
    orders = frames.read(order_months, frames.ORDER_MONTHS)
    orders = orders[(orders["quantity"] > 0) & (orders["amount_usd"] > 0) & (orders["month"] < now)]
    orders = orders[orders["month"] >= now - YEAR] if (orders["month"] >= now - YEAR).any() else orders
    if orders.empty:
        return {}
    sums = orders.groupby("procedure_family")[["quantity", "amount_usd"]].sum()
    per_family = {str(family): float(row.quantity / row.amount_usd) for family, row in sums.iterrows()}
    return per_family | {ANY: float(orders["quantity"].sum() / orders["amount_usd"].sum())}


def rates_of(families: pd.Series, per_usd: dict[str, float]) -> pd.Series:
    """Units a dollar of each deal: its family's, else the company's."""
    return families.map(per_usd).fillna(per_usd.get(ANY, 0.0)).astype(float)

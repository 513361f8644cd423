"""Orders of the company's implants: each customer's share of what it operates, month by month.

Only activated orders make a customer; drafts and cancellations lie beside them, also at providers who never bought.
"""

import numpy as np
import pandas as pd

from sample_world.behaviour import NEVER, Behaviour
from sample_world.clock import AS_OF_MONTH, MONTHS, as_of_day, month_start
from sample_world.company import REVENUE
from sample_world.crm_structure import Structure
from sample_world.streams import stream, weighted
from sample_world.volumes import FAMILIES, FOCUS, Volumes

FIRST_ORDER_MONTH = -24


def first_order_days(seed: int, behaviour: Behaviour) -> np.ndarray:
    """Day of each provider's first activated order, in the sealed future too; NaT for never."""
    rng = stream(seed, "first orders")
    day = month_start(np.minimum(behaviour.adopted_in, MONTHS)) + rng.integers(0, 28, size=len(behaviour.adopted_in))
    return np.where(behaviour.adopted_in == NEVER, np.datetime64("NaT"), day)


def make_orders(
    seed: int, structure: Structure, volumes: Volumes, behaviour: Behaviour, first: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders and their items up to as-of; items of an order sum to its total."""
    rng = stream(seed, "orders")
    items = _activated_items(rng, volumes, behaviour)
    items["status"] = "Activated"
    items = pd.concat([items, _never_activated(rng, volumes, structure, items)], ignore_index=True)
    start = np.maximum(month_start(items.month.to_numpy()), np.datetime64("2021-07-01"))
    day = start + rng.integers(0, 28, size=len(items))
    is_real = (items.status == "Activated").to_numpy()
    is_first = is_real & (items.month.to_numpy() == behaviour.adopted_in[items.provider])
    items["day"] = np.where(is_first, first[items.provider], day)
    key = ["provider", "month", "status"]
    items["day"] = items.groupby(key)["day"].transform("first")
    items = items[(items.day <= pd.Timestamp(as_of_day())) & (structure.contact_of[items.provider] >= 0)]
    items = items.sort_values([*key, "family"], kind="stable").reset_index(drop=True)
    items["order"] = items.groupby(key, sort=False).ngroup()
    price = np.array([REVENUE[f] for f in FOCUS])[items.family] * rng.normal(1, 0.06, size=len(items))
    items["price"] = np.round(price, 2)
    items["amount"] = np.round(items.price * items.quantity, 2)
    orders = items.groupby("order").agg(provider=("provider", "first"), month=("month", "first"), day=("day", "first"),
                                        status=("status", "first"), total=("amount", "sum")).reset_index()  # fmt: skip
    orders["total"] = orders.total.round(2)
    orders["contact"] = structure.contact_of[orders.provider]
    orders["owner"] = structure.owner(structure.contacts.territory.to_numpy()[orders.contact], orders.month)
    return orders, items


def _activated_items(rng: np.random.Generator, volumes: Volumes, behaviour: Behaviour) -> pd.DataFrame:
    """The customer's share of its procedures; the first month always holds at least one piece."""
    pairs = volumes.pairs
    share = rng.beta(2.2, 2.2, size=len(behaviour.adopted_in))
    chosen = np.flatnonzero((pairs.family < len(FOCUS)) & (behaviour.adopted_in[pairs.provider] <= AS_OF_MONTH))
    provider = pairs.provider.to_numpy()[chosen]
    months = np.arange(FIRST_ORDER_MONTH, AS_OF_MONTH + 1)
    past = rng.poisson(pairs.base.to_numpy()[chosen][:, None], size=(len(chosen), -FIRST_ORDER_MONTH))
    done = np.concatenate([past, volumes.counts[chosen, : AS_OF_MONTH + 1]], axis=1)
    age = months - behaviour.adopted_in[provider][:, None]
    ramp = np.clip((age + 2) / 8, 0, 1) * (age >= 0)
    quantity = rng.binomial(done, share[provider][:, None] * ramp)
    is_main = ~pd.Series(provider).duplicated(keep="last").to_numpy()
    quantity = np.where((age == 0) & is_main[:, None], np.maximum(quantity, 1), quantity)
    row, column = np.nonzero(quantity)
    return pd.DataFrame({
        "provider": provider[row], "family": pairs.family.to_numpy()[chosen][row], "month": months[column],
        "quantity": quantity[row, column],
    })  # fmt: skip


def _never_activated(
    rng: np.random.Generator, volumes: Volumes, structure: Structure, items: pd.DataFrame
) -> pd.DataFrame:
    focus = volumes.pairs[(volumes.pairs.family < len(FOCUS)) & (structure.contact_of[volumes.pairs.provider] >= 0)]
    count = min(len(focus), max(2, len(items) // 14))
    picked = focus.iloc[rng.integers(0, len(focus), size=count)]
    return pd.DataFrame({
        "provider": picked.provider, "family": picked.family, "month": rng.integers(0, AS_OF_MONTH + 1, size=count),
        "quantity": rng.integers(1, 6, size=count), "status": weighted(rng, ["Draft", "Cancelled"], [1, 1], count),
    }).drop_duplicates(["provider", "month", "status"])  # fmt: skip


def family_names(family: np.ndarray) -> np.ndarray:
    """Names of families by number."""
    return np.asarray(FAMILIES, dtype=object)[family]

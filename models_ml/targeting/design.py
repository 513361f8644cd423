"""From features to the columns of a linear model, with the reference against which each feature is explained.

1. Volumes, money and counts act by their logarithm, growth by that of a ratio, a contract by how near its end is.
2. A missing value takes the training median, and that it is missing may itself tell something.
3. A feature that is constant, missing or not finite throughout the training rows is dropped and named.
4. Rare specialties are one group, as is a specialty that appears later.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models_ml.targeting.features import MIX, NUMERIC

Transform = Callable[..., np.ndarray]
RARE = "other specialties"
LEAST_OF_SPECIALTY = 50
MOST_SPECIALTIES = 40
SETTLED = 5.0


def _growth(newer: np.ndarray, older: np.ndarray) -> np.ndarray:
    return np.log((np.maximum(newer, 0) + SETTLED) / (np.maximum(older, 0) + SETTLED))


def _log(values: np.ndarray) -> np.ndarray:
    return np.log1p(np.maximum(values, 0))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return part / np.maximum(whole, 1.0)


def _nearness(days: np.ndarray) -> np.ndarray:
    """1 for a contract that ends now, 0 for one that ends in a year or later, or for none."""
    return np.nan_to_num(np.clip(1 - days / 365, 0, 1) * (days >= 0))


def _as_is(values: np.ndarray) -> np.ndarray:
    return values


LOGARITHMIC = tuple(
    name
    for name in NUMERIC
    if name not in ("competitor_lock_in", "days_to_competitor_contract_end", "active_months_12m")
    and not name.startswith(("is_", "has_", "prior_", "volume_3m"))
)
COLUMNS: tuple[tuple[tuple[str, ...], Transform], ...] = (
    *(((name,), _log) for name in LOGARITHMIC),
    *(((name,), _as_is) for name in NUMERIC if name.startswith(("is_", "has_"))),
    (("active_months_12m",), _as_is),
    (("competitor_lock_in",), _as_is),
    (("volume_12m", "prior_volume_12m"), _growth),
    (("volume_3m", "volume_3m_year_ago"), _growth),
    (("days_to_competitor_contract_end",), _nearness),
    (("peers_adopted", "peer_count"), _share),
)
NEVER_MISSING = ("days_to_competitor_contract_end",)


@dataclass
class Design:
    """Fitted on training rows; `matrix` gives standardised columns, `references` what each feature is compared with."""

    references: dict[str, float | str] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    columns: list[tuple[tuple[str, ...], Transform]] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    specialties: list[str] = field(default_factory=list)
    fill: np.ndarray = field(default_factory=lambda: np.zeros(0))
    centre: np.ndarray = field(default_factory=lambda: np.zeros(0))
    scale: np.ndarray = field(default_factory=lambda: np.ones(0))

    def fit(self, rows: pd.DataFrame) -> "Design":
        mix = [column for column in rows.columns if column.startswith(MIX)]
        for name in (*NUMERIC, *mix):
            values = rows[name].to_numpy(dtype=float)
            known = values[np.isfinite(values)]
            if len(known) == 0 or (np.ptp(known) == 0 and (len(known) == len(values) or name not in NEVER_MISSING)):
                self.dropped[name] = "missing" if len(known) == 0 else "constant"
                continue
            self.references[name] = np.nan if name in NEVER_MISSING else float(np.median(known))
            if name not in NEVER_MISSING and 1 - len(known) / len(values) > 0.005:
                self.indicators.append(name)
        specialty = rows["specialty"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
        self.specialties = list(specialty.index[specialty >= LEAST_OF_SPECIALTY][:MOST_SPECIALTIES])
        if len(specialty) > 1 and self.specialties:
            self.references["specialty"] = str(specialty.index[0])
        else:
            self.specialties, self.dropped["specialty"] = [], "constant"
        usable = set(self.references)
        self.columns = [(inputs, how) for inputs, how in COLUMNS if usable.issuperset(inputs)]
        self.columns += [((name,), _as_is) for name in mix if name in usable]
        raw = self._raw(rows)
        known = np.isfinite(raw)
        self.fill = np.array(
            [np.median(column[has]) if has.any() else 0.0 for column, has in zip(raw.T, known.T, strict=True)]
        )
        filled = np.where(known, raw, self.fill)
        self.centre, self.scale = filled.mean(axis=0), np.maximum(filled.std(axis=0), 1e-6)
        return self

    def matrix(self, rows: pd.DataFrame) -> np.ndarray:
        """Standardised and without gaps."""
        raw = self._raw(rows)
        return (np.where(np.isfinite(raw), raw, self.fill) - self.centre) / self.scale

    def _raw(self, rows: pd.DataFrame) -> np.ndarray:
        values = {name: rows[name].to_numpy(dtype=float) for name in self.references if name != "specialty"}
        parts = [how(*(values[name] for name in inputs)) for inputs, how in self.columns]
        parts += [(~np.isfinite(values[name])).astype(float) for name in self.indicators]
        specialty = rows["specialty"].to_numpy(dtype=object)
        parts += [(specialty == name).astype(float) for name in self.specialties]
        return np.column_stack(parts) if parts else np.zeros((len(rows), 0))

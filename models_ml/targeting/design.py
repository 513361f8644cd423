"""From features to the columns of a model, with the reference against which each feature is explained.

1. Volumes, money and counts act by their logarithm, growth by that of a ratio, a contract by how near its end is.
2. A missing value takes the training median, and that it is missing may itself tell something.
3. A feature that is constant, missing or not finite throughout the training rows is dropped and named.
4. Rare specialties are one group, as is a specialty that appears later.
5. A column's unit is the spread of what is known of it; that of a yes or no is the same for all, however few have it. Else a trait of one provider
   in a hundred would be stretched until the little that is held of it before any outcome could carry those few anywhere.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models_ml.targeting.features import DIAGNOSED, LINES, MIX, NUMERIC
from models_ml.targeting.transforms import TRANSFORMS

LEAST_OF_SPECIALTY = 50
MOST_SPECIALTIES = 40

LOGARITHMIC = tuple(
    name
    for name in NUMERIC
    if name not in ("competitor_lock_in", "days_to_competitor_contract_end", "active_months_12m")
    and not name.startswith(("is_", "has_", "prior_", "volume_3m"))
)
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *(("log", (name,)) for name in LOGARITHMIC),
    *(("as_is", (name,)) for name in NUMERIC if name.startswith(("is_", "has_"))),
    ("as_is", ("active_months_12m",)),
    ("as_is", ("competitor_lock_in",)),
    ("growth", ("volume_12m", "prior_volume_12m")),
    ("growth", ("volume_3m", "volume_3m_year_ago")),
    ("nearness", ("days_to_competitor_contract_end",)),
    ("share", ("peers_adopted", "peer_count")),
)
NEVER_MISSING = ("days_to_competitor_contract_end",)
# What is known in the field to move a first order; the rest must speak louder to be heard. So must growth: the ratio of two counts is mostly luck,
# and on days of the past it often compares two sources.
FOREMOST = {
    ("log", "volume_12m"),
    ("log", "competitor_payments_36m"),
    ("as_is", "competitor_lock_in"),
    ("as_is", "has_competitor_contract"),
    ("as_is", "has_own_contract"),
    ("share", "peers_adopted"),
    ("log", "calls_12m"),
    ("log", "trials_12m"),
}
# What our own field and marketing do.
OWN_ACTIONS = (
    "calls_3m",
    "calls_12m",
    "calls_ever",
    "missed_calls_12m",
    "trials_12m",
    "marketing_responses_12m",
    "marketing_touches_12m",
    "has_own_contract",
)
# Held of volume before any outcome: between no effect (0) and a chance in proportion to it (1).
ELASTICITY = {("log", "volume_12m"): 0.5}
YES_OR_NO = ("is_", "has_")
# The spread of a trait that half of the providers have (Gelman et al. 2008).
UNIT_OF_YES_OR_NO = 0.5


@dataclass(frozen=True)
class Column:
    """One column before it is standardised: how it is made, of which features, with which constants."""

    how: str
    inputs: tuple[str, ...]
    constants: tuple[float, ...] = ()


@dataclass
class Design:
    """Fitted on training rows; `matrix` gives standardised columns, `references` what each feature is compared with."""

    references: dict[str, float | str] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    specialties: list[str] = field(default_factory=list)
    fill: np.ndarray = field(default_factory=lambda: np.zeros(0))
    centre: np.ndarray = field(default_factory=lambda: np.zeros(0))
    scale: np.ndarray = field(default_factory=lambda: np.ones(0))

    def fit(self, rows: pd.DataFrame) -> "Design":
        mix = [column for column in rows.columns if column.startswith(MIX)]
        diagnosed = [column for column in rows.columns if column.startswith(DIAGNOSED)]
        for name in (*NUMERIC, *mix, *diagnosed, LINES):
            values = rows[name].to_numpy(dtype=float) if name in rows else np.full(len(rows), np.nan)
            known = values[np.isfinite(values)]
            if len(known) == 0 or (np.ptp(known) == 0 and (len(known) == len(values) or name not in NEVER_MISSING)):
                self.dropped[name] = "missing" if len(known) == 0 else "constant"
                continue
            self.references[name] = np.nan if name in NEVER_MISSING else float(np.median(known))
            if name not in (*NEVER_MISSING, *diagnosed) and 1 - len(known) / len(values) > 0.005:
                self.indicators.append(name)
        specialty = rows["specialty"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
        self.specialties = list(specialty.index[specialty >= LEAST_OF_SPECIALTY][:MOST_SPECIALTIES])
        if len(specialty) > 1 and self.specialties:
            self.references["specialty"] = str(specialty.index[0])
        else:
            self.specialties, self.dropped["specialty"] = [], "constant"
        usable = set(self.references)
        self.columns = [Column(how, inputs) for how, inputs in COLUMNS if usable.issuperset(inputs)]
        self.columns += [Column("as_is", (name,)) for name in mix if name in usable]
        if LINES in usable:
            self.columns += [
                Column("settled", (name, LINES), (float(self.references[name]),))
                for name in diagnosed
                if name in usable
            ]
        raw = self._raw(rows)
        known = np.isfinite(raw)
        self.fill = np.array(
            [np.median(column[has]) if has.any() else 0.0 for column, has in zip(raw.T, known.T, strict=True)]
        )
        told = np.ma.masked_array(raw, ~known)
        self.centre = told.mean(axis=0).filled(0.0)
        self.scale = np.where(self.is_yes_or_no, UNIT_OF_YES_OR_NO, np.maximum(told.std(axis=0).filled(1.0), 1e-6))
        return self

    @property
    def is_yes_or_no(self) -> np.ndarray:
        """Which columns of `matrix` tell whether something holds of a provider."""
        named = [column.how == "as_is" and column.inputs[0].startswith(YES_OR_NO) for column in self.columns]
        return np.array(named + [True] * (len(self.indicators) + len(self.specialties)), dtype=bool)

    @property
    def is_foremost(self) -> np.ndarray:
        """Which columns of `matrix` are of what is known to matter; diagnoses are."""
        named = [(column.how, column.inputs[0]) in FOREMOST or column.how == "settled" for column in self.columns]
        return np.array(named + [False] * (len(self.indicators) + len(self.specialties)), dtype=bool)

    @property
    def is_own_action(self) -> np.ndarray:
        """Which columns of `matrix` tell what our own field and marketing do."""
        named = [column.inputs[0] in OWN_ACTIONS for column in self.columns]
        named += [name in OWN_ACTIONS for name in self.indicators]
        return np.array(named + [False] * len(self.specialties), dtype=bool)

    @property
    def expected(self) -> np.ndarray:
        """The coefficient of each column of `matrix` before any outcome."""
        told = [ELASTICITY.get((column.how, column.inputs[0]), 0.0) for column in self.columns]
        return np.array(told + [0.0] * (len(self.indicators) + len(self.specialties))) * self.scale

    def matrix(self, rows: pd.DataFrame) -> np.ndarray:
        """Standardised and without gaps."""
        raw = self._raw(rows)
        return (np.where(np.isfinite(raw), raw, self.fill) - self.centre) / self.scale

    def _raw(self, rows: pd.DataFrame) -> np.ndarray:
        values = {name: rows[name].to_numpy(dtype=float) for name in self.references if name != "specialty"}
        parts = [
            TRANSFORMS[column.how](*(values[name] for name in column.inputs), *column.constants)
            for column in self.columns
        ]
        parts += [(~np.isfinite(values[name])).astype(float) for name in self.indicators]
        # By number: a million texts are not compared forty times.
        specialty = pd.Categorical(rows["specialty"], categories=self.specialties).codes
        parts += [(specialty == place).astype(float) for place in range(len(self.specialties))]
        return np.column_stack(parts) if parts else np.zeros((len(rows), 0))

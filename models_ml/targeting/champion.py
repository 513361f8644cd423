"""The model in use, written down so that any later night can score with it: fitted numbers, calibration, day of fitting.

With it goes what it would have been on the newest past days, fitted to what was known then: by these rehearsals a later night compares it
with its own on equal terms. Only numbers and names are written, as JSON; reading it runs nothing. Not here: who is the champion (`contest`).
"""

import datetime as dt
import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.targeting.blend import BlendedModel
from models_ml.targeting.boosted import BoostedModel, Trees
from models_ml.targeting.calibration import Calibration
from models_ml.targeting.design import Column, Design
from models_ml.targeting.model import BaselineModel, LogisticModel

# 1 were models of one kind, logistic or boosted.
FORMAT = 2
TREE_PARTS = ("feature", "threshold", "left", "right", "value")


@dataclass(frozen=True)
class Fitted:
    """A model with its calibration, and the day by which all that taught it was known."""

    fitted_on: dt.date
    model: BlendedModel
    calibration: Calibration

    def log_odds(self, rows: pd.DataFrame) -> np.ndarray:
        """Calibrated log-odds of the rows."""
        return self.calibration.apply(self.model.log_odds(with_columns_of(self.model, rows)))


@dataclass(frozen=True)
class Champion:
    """The model of a night, named by its version, and its rehearsals, oldest first."""

    version: str
    final: Fitted
    rehearsals: tuple[Fitted, ...] = ()

    def of_day(self, day: dt.date) -> Fitted | None:
        """What it was, or would have been, on a past day: the newest that was fitted by then."""
        known = [fitted for fitted in (*self.rehearsals, self.final) if fitted.fitted_on <= day]
        return known[-1] if known else None


def with_columns_of(model: BlendedModel | BaselineModel, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with every feature that the model asks for; what tonight's data no longer hold is unknown."""
    absent = [name for name in model.references if name not in rows.columns]
    return rows.assign(**dict.fromkeys(absent, np.nan)) if absent else rows


def written(champion: Champion) -> str:
    """The champion as JSON."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": champion.version,
            "fitted": [_written(fitted) for fitted in (*champion.rehearsals, champion.final)],
        },
        sort_keys=True,
    )


def read(text: str) -> Champion | None:
    """The champion of a JSON text; None for one of another format, whose numbers this code would not understand."""
    told = json.loads(text)
    if told["format"] != FORMAT:
        return None
    *rehearsals, final = [_read(part) for part in told["fitted"]]
    return Champion(told["version"], final, tuple(rehearsals))


def _written(fitted: Fitted) -> dict:
    model, design = fitted.model, fitted.model.design
    return {
        "fitted_on": fitted.fitted_on.isoformat(),
        "calibration": vars(fitted.calibration),
        "share": model.share,
        "logistic": {"coefficients": model.logistic.coefficients.tolist(), "intercept": model.logistic.intercept},
        "boosted": {
            "trees": {part: getattr(model.boosted.trees, part).tolist() for part in TREE_PARTS},
            "intercept": model.boosted.intercept,
        },
        "design": {
            "references": design.references,
            "dropped": design.dropped,
            "columns": [vars(column) for column in design.columns],
            "indicators": design.indicators,
            "specialties": design.specialties,
            **{name: getattr(design, name).tolist() for name in ("fill", "centre", "scale")},
        },
    }


def _read(told: dict) -> Fitted:
    parts = dict(told["design"])
    columns = [
        Column(column["how"], tuple(column["inputs"]), tuple(column["constants"])) for column in parts.pop("columns")
    ]
    for name in ("fill", "centre", "scale"):
        parts[name] = np.array(parts[name], dtype=float)
    design = Design(columns=columns, **parts)
    coefficients, trees = np.array(told["logistic"]["coefficients"], dtype=float), told["boosted"]["trees"]
    model = BlendedModel(
        design,
        LogisticModel(design, coefficients, told["logistic"]["intercept"]),
        BoostedModel(
            design, Trees(**{part: np.array(trees[part]) for part in TREE_PARTS}), told["boosted"]["intercept"]
        ),
        told["share"],
    )
    return Fitted(dt.date.fromisoformat(told["fitted_on"]), model, Calibration(**told["calibration"]))

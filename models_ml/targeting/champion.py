"""The model in use, written down so that any later night can score with it: kind, fitted numbers, calibration, day of fitting.

Only numbers and names are written, as JSON; reading it runs nothing. Not here: who is the champion (`contest`).
"""

import datetime as dt
import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models_ml.targeting.boosted import BoostedModel, Trees
from models_ml.targeting.design import Column, Design
from models_ml.targeting.model import LogisticModel
from models_ml.targeting.origins import Calibration, FittedModel
from models_ml.targeting.transforms import TRANSFORMS

FORMAT = 1
TREE_PARTS = ("feature", "threshold", "left", "right", "value")


@dataclass(frozen=True)
class Champion:
    """A fitted model with all that is needed to score: `fitted_on` is the `as_of` of the night that fitted it."""

    version: str
    kind: str
    fitted_on: dt.date
    model: LogisticModel | BoostedModel
    calibration: Calibration

    def log_odds(self, rows: pd.DataFrame) -> np.ndarray:
        """Calibrated log-odds of the rows."""
        return self.calibration.apply(self.model.log_odds(with_columns_of(self.model, rows)))


def with_columns_of(model: FittedModel, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with every feature that the model asks for; what tonight's data no longer hold is unknown."""
    absent = [name for name in model.references if name not in rows.columns]
    return rows.assign(**dict.fromkeys(absent, np.nan)) if absent else rows


def written(champion: Champion) -> str:
    """The champion as JSON."""
    model, design = champion.model, champion.model.design
    fitted = (
        {"coefficients": model.coefficients.tolist()}
        if isinstance(model, LogisticModel)
        else {"trees": {part: getattr(model.trees, part).tolist() for part in TREE_PARTS}}
    )
    return json.dumps(
        {
            "format": FORMAT,
            "version": champion.version,
            "kind": champion.kind,
            "fitted_on": champion.fitted_on.isoformat(),
            "calibration": vars(champion.calibration),
            "intercept": model.intercept,
            **fitted,
            "design": {
                "references": design.references,
                "dropped": design.dropped,
                "columns": [vars(column) for column in design.columns],
                "indicators": design.indicators,
                "specialties": design.specialties,
                **{name: getattr(design, name).tolist() for name in ("fill", "centre", "scale")},
            },
        },
        sort_keys=True,
    )


def read(text: str) -> Champion | None:
    """The champion of a JSON text; None for one of another format, whose numbers this code would not understand."""
    told = json.loads(text)
    if told["format"] != FORMAT or any(column["how"] not in TRANSFORMS for column in told["design"]["columns"]):
        return None
    parts = dict(told["design"])
    columns = [
        Column(column["how"], tuple(column["inputs"]), tuple(column["constants"])) for column in parts.pop("columns")
    ]
    for name in ("fill", "centre", "scale"):
        parts[name] = np.array(parts[name], dtype=float)
    design = Design(columns=columns, **parts)
    if told["kind"] == "logistic":
        model = LogisticModel(design, np.array(told["coefficients"], dtype=float), told["intercept"])
    else:
        trees = Trees(**{part: np.array(told["trees"][part]) for part in TREE_PARTS})
        model = BoostedModel(design, trees, told["intercept"])
    return Champion(
        told["version"],
        told["kind"],
        dt.date.fromisoformat(told["fitted_on"]),
        model,
        Calibration(**told["calibration"]),
    )

"""No column is stretched: what few have, or what is known of few, carries nobody further than what all have."""

import numpy as np
import pandas as pd
import pytest

from models_ml.targeting.design import Design
from models_ml.targeting.model import fit_logistic
from models_ml.targeting.teaching import Training

ROWS = 2_000


@pytest.fixture
def rows() -> pd.DataFrame:
    """Volumes of a year and of the year before, which is known of a tenth; four providers are closed to reps."""
    rng = np.random.default_rng(3)
    volume = rng.lognormal(3, 1, ROWS).round()
    return pd.DataFrame(
        {
            "npi": np.arange(ROWS).astype(str),
            "snapshot_on": pd.Timestamp("2025-03-31"),
            "specialty": np.where(rng.random(ROWS) < 0.6, "Cardiology", "Vascular"),
            "volume_12m": volume,
            "prior_volume_12m": np.where(np.arange(ROWS) % 10 == 0, (volume * rng.lognormal(0, 0.3, ROWS)).round(), np.nan),
            "is_access_closed": (np.arange(ROWS) % 500 == 0).astype(float),
            "has_own_contract": (np.arange(ROWS) % 2).astype(float),
        }
    )  # fmt: skip


def _place(design: Design, how: str, name: str) -> int:
    return next(n for n, column in enumerate(design.columns) if column.how == how and column.inputs[0] == name)


def test_the_luck_of_one_provider_moves_the_few_of_its_kind_by_less_than_half_again(rows) -> None:
    y = (np.random.default_rng(4).random(ROWS) < 0.05).astype(float)
    few = rows["is_access_closed"].to_numpy() > 0
    y[few] = [1, 0, 0, 0]
    training = Training(rows, y, np.ones(ROWS), np.zeros(ROWS, dtype=bool))
    model = fit_logistic(training, Design().fit(rows))
    of_few = rows[few]
    moved = model.log_odds(of_few) - model.log_odds(of_few.assign(is_access_closed=0.0))
    assert (moved > 0).all()
    assert (moved < np.log(1.5)).all()


def test_yes_or_no_has_one_unit_however_many_say_yes(rows) -> None:
    design = Design().fit(rows)
    matrix = design.matrix(rows)
    for name in ("is_access_closed", "has_own_contract"):
        column = matrix[:, _place(design, "as_is", name)]
        assert np.ptp(column) == pytest.approx(2.0)
        assert column.mean() == pytest.approx(0.0, abs=1e-9)


def test_the_unit_of_what_is_known_of_few_is_their_spread_and_not_that_of_the_gaps(rows) -> None:
    design = Design().fit(rows)
    place = _place(design, "growth", "volume_12m")
    known = rows[rows["prior_volume_12m"].notna()]
    assert design.matrix(known)[:, place].std() == pytest.approx(1.0)
    gaps = rows[rows["prior_volume_12m"].isna()]
    assert np.ptp(design.matrix(gaps)[:, place]) == 0.0


def test_what_no_day_of_the_past_knew_leaves_the_matrix_finite(rows) -> None:
    design = Design().fit(rows.assign(prior_volume_12m=np.nan, is_access_closed=0.0))
    assert np.isfinite(design.matrix(rows)).all()
    assert {"prior_volume_12m", "is_access_closed"} <= set(design.dropped)

"""The settings of `make bench-models`: simulated companies whose every chance is known, one figure a seed.

The oracle ranks by the true chance of a first order over the six months, which here depends on nothing that the models may not see.
Not here: whole sample worlds (`models_sample`), the size of a country (`models_nation`), what is written (`bench_models`).
"""

import hashlib
import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from models_ml.evaluation import calibration_slope, lift_top_decile, typed_empty
from models_ml.targeting import OUTPUTS, score_adoption
from tests.bench.bench_ingest import PROJECT
from tests.models_ml.adoption_world import AS_OF, HORIZON, World, simulate

Figures = dict[str, float | bool | str | int]


def _with_trap(seed: int) -> World:
    """Columns that know the future, under names that no model was told of."""
    world = simulate(seed)
    known = world.months["npi"].isin(world.adoptions["npi"])
    months = world.months.assign(own_payments_usd=known * 1e6, ordered=known, is_customer=known)
    return World(months, world.adoptions, world.diagnoses, world.truth)


def _pharma(seed: int) -> World:
    names = ("Rheumatology", "Dermatology", "Nurse Practitioner")
    return simulate(seed, rate=-5.2, indication=3.0, families=("biologic",), specialties=names)


def _blind(seed: int) -> World:
    """The same company and nobody's diagnoses."""
    world = _pharma(seed)
    return World(world.months, world.adoptions, world.diagnoses[:0], world.truth)


BY_INDICATION, BY_SPECIALTY = "pharma", "pharma without diagnoses"
SETTINGS: dict[str, tuple[str, Callable[[int], World]]] = {
    "usual": ("900 providers, two families", simulate),
    "no signal": ("nothing foretells an order", lambda seed: simulate(seed, signal=0.0, rate=-4.6)),
    "trap": ("columns that know the future stand beside", _with_trap),
    "turn": (
        "twice as many order, and calls count no more, in the last year",
        lambda seed: simulate(seed, turns_in=24),
    ),
    "other specialty": (
        "another field, one family, half the providers",
        lambda seed: simulate(
            seed, n=450, rate=-5.2, families=("stent",), specialties=("Cardiology", "Electrophysiology", "Vascular")
        ),
    ),
    BY_INDICATION: ("a drug for an indication that specialties share", _pharma),
    BY_SPECIALTY: ("the same drug, where specialty alone speaks of the patients", _blind),
}


def measured(world: World) -> Figures:
    """What one night's scores are worth by the truth of the world."""
    start = time.process_time()
    outcome = score_adoption(
        world.months, world.adoptions, world.diagnoses, typed_empty(OUTPUTS)["champion"], AS_OF, HORIZON
    )
    seconds = time.process_time() - start
    return {**judged(outcome, world.months, world.truth), "cpu_s": seconds, "orders": len(world.adoptions)}


def kept(folder: Path, name: str, seed: int) -> Figures:
    """The figures of one seed, measured once: they lie under the fingerprint of the code that made them."""
    path = folder / "model_figures" / fingerprint() / f"{name.replace(' ', '_')}_{seed}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        told = json.dumps(
            {
                key: value.item() if hasattr(value, "item") else value
                for key, value in measured(SETTINGS[name][1](seed)).items()
            }
        )
        path.with_suffix(".part").write_text(told, encoding="utf-8")
        path.with_suffix(".part").replace(path)
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def fingerprint() -> str:
    """Eight letters that change with the models, the simulated companies or what is measured."""
    files = [
        file for folder in ("targeting", "evaluation") for file in sorted((PROJECT / "models_ml" / folder).glob("*.py"))
    ]
    files += [Path(__file__), PROJECT / "tests" / "models_ml" / "adoption_world.py"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def judged(outcome: dict[str, pd.DataFrame], months: pd.DataFrame, truth: pd.Series) -> Figures:
    """Lift by expected first orders, beside that of the oracle, of trailing volume and of whom the field calls; the slope of the truth on the published chance."""
    scores = outcome["scores"].drop_duplicates("npi").set_index("npi")
    true = truth.reindex(scores.index).fillna(0.0).to_numpy()
    given = scores["adoption_probability"].to_numpy()
    current = months[months["is_current"]]
    volume = current.groupby("npi")["volume_12m"].sum().reindex(scores.index).fillna(0.0).to_numpy()
    called = current.groupby("npi")["calls_12m"].max().reindex(scores.index).fillna(0.0).to_numpy()
    oracle = lift_top_decile(true, true)
    lift = outcome["report"].query("metric == 'lift_top_decile' and split == 'model'")
    return {
        "lift": lift_top_decile(true, given) / oracle,
        "lift_volume": lift_top_decile(true, volume) / oracle,
        "lift_list": lift_top_decile(true, called) / oracle,
        "lift_oracle": oracle,
        "slope": calibration_slope(true, given) if np.ptp(true) > 1e-9 else np.nan,
        "level": given.mean() / true.mean(),
        "covers_one": bool((lift["lower"] <= 1).all() and (lift["upper"] >= 1).all()) if len(lift) else True,
        "published": str(scores["model_version"].iloc[0]).split("-")[1],
    }

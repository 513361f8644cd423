"""Whole sample worlds for `make bench-models`: written as files, taken over the border, built by dbt, scored, and judged by their sealed truth.

Two oracles stand beside each other. The first knows every chance as the world draws it, traits included that no file shows. The second is
the best answer given what can be seen: the ranking of the same features that fits the true chances of all other worlds best.
"""

import json
import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from dagster_project import history, warehouse
from dagster_project.assets.past_sample import adoption_frames
from dagster_project.ingest import border
from dagster_project.ingest.contents import SOURCES
from dagster_project.parquet import write_query
from dagster_project.refresh import Identity
from dagster_project.settings import Settings
from models_ml.evaluation import lift_top_decile, timestamp, typed_empty
from models_ml.targeting import OUTPUTS, score_adoption
from models_ml.targeting.design import Design
from models_ml.targeting.features import main_families, provider_snapshots
from tests.bench.models_settings import Figures, judged

HORIZON = 180
FEATURES = ("provider_months", "adoptions", "provider_diagnoses")


def sample_features(folder: Path, seed: int, signal: bool = True) -> Path:
    """The home of a world with nothing left but features and truth; built once."""
    import sample_world

    home = folder / f"sample_{seed}{'' if signal else '_null'}"
    if (home / "truth").exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    written = sample_world.write(home / "landing", seed=seed, signal=signal)
    settings = Settings(home=home, landing=home / "landing")
    paths, as_of = settings.paths, written.as_of
    paths.prepare()
    for source in SOURCES:
        border.ingest(
            source, settings.landing_zone, paths.lake, paths.patient_secret(), settings.duckdb_config(), as_of
        )
    border.write_border_tables(paths.lake, as_of)
    history.write_earlier(paths, as_of)
    history.write_refreshes(paths, Identity(f"{as_of:%Y%m%d}-1", as_of, datetime(2026, 1, 1), "bench"))
    selected = [f"+features_{name}" for name in FEATURES]
    built = warehouse.invoke(settings, ["run", "--select", *selected, "--vars", json.dumps({"as_of": f"{as_of}"})])
    if not built.success:
        raise RuntimeError([result.message for result in built.result or [] if result.message][:5])
    with duckdb.connect(str(paths.warehouse), read_only=True) as connection:
        for name in FEATURES:
            target = paths.features / f"features_{name}.parquet"
            write_query(connection, f"select * from features.features_{name} order by all", target)
    for done in ("landing", "warehouse", "published", "dagster", "lake/versions", "lake/raw"):
        shutil.rmtree(home / done, ignore_errors=True)
    shutil.move(written.truth, home / "truth")
    return home


def sample_figures(homes: list[Path]) -> list[Figures]:
    """One row a world; the second oracle needs two worlds or more."""
    from sample_world import AS_OF

    found, seen = [], []
    for home in homes:
        months, adoptions, diagnoses = adoption_frames(Settings(home=home), AS_OF, HORIZON)
        hazards = pd.read_parquet(home / "truth" / "adoption_hazard.parquet")
        truth = hazards.drop_duplicates("npi").set_index("npi")["probability_six_months_from_as_of"]
        outcome = score_adoption(months, adoptions, diagnoses, typed_empty(OUTPUTS)["champion"], AS_OF, HORIZON)
        found.append({**judged(outcome, months, truth), "orders": len(adoptions)})
        families = main_families(months[months["is_current"]])
        rows = provider_snapshots(months, [timestamp(AS_OF)], families, diagnoses)
        rows = rows[rows["npi"].isin(outcome["scores"]["npi"])]
        seen.append((rows, truth.reindex(rows["npi"]).fillna(0.0).to_numpy()))
    if len(homes) > 1:
        for place, figures in enumerate(found):
            figures["of_seen"] = float(figures["lift"]) / _lift_of_what_is_seen(seen, place)
    return found


def _lift_of_what_is_seen(worlds: list[tuple[pd.DataFrame, np.ndarray]], place: int) -> float:
    """Of one world, by coefficients that the true chances of all others give, as a part of the lift of who knows everything."""
    others = [world for number, world in enumerate(worlds) if number != place]
    rows = pd.concat([world[0] for world in others], ignore_index=True)
    chance = np.concatenate([world[1] for world in others])
    design = Design().fit(rows)
    matrix = design.matrix(rows)
    outcome = np.repeat([1.0, 0.0], len(chance))
    fitted = LogisticRegression(C=10.0, solver="newton-cholesky", max_iter=200)
    fitted.fit(np.vstack([matrix, matrix]), outcome, sample_weight=np.concatenate([chance, 1 - chance]))
    rows, true = worlds[place]
    return lift_top_decile(true, design.matrix(rows) @ fitted.coef_[0]) / lift_top_decile(true, true)

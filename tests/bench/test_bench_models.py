"""The bench of the models keeps what it has measured, and never shares its folder."""

import sys

import pandas as pd
import pytest

from dagster_project.lock import held
from tests.bench import bench_models, models_settings


def test_two_benches_never_write_into_one_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--folder", str(tmp_path)])
    monkeypatch.setattr(bench_models, "measure", lambda chosen: pytest.fail("measured beside another"))
    with held(tmp_path / "models.lock"), pytest.raises(SystemExit, match="wait for it, or give another --folder"):
        bench_models.main()


def test_a_seed_is_measured_once_and_again_where_the_code_is_another(tmp_path, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(models_settings, "measured", lambda world: asked.append(world) or {"lift": 0.9, "orders": 3})
    monkeypatch.setitem(models_settings.SETTINGS, "usual", ("of a test", lambda seed: seed))
    monkeypatch.setattr(models_settings, "fingerprint", lambda: "one")
    for seed in (1, 2, 1):
        assert models_settings.kept(tmp_path, "usual", seed) == {"lift": 0.9, "orders": 3}
    assert asked == [1, 2]
    monkeypatch.setattr(models_settings, "fingerprint", lambda: "two")
    models_settings.kept(tmp_path, "usual", 1)
    assert asked == [1, 2, 1]


def test_a_line_counts_the_seeds_that_keep_a_promise() -> None:
    figures = pd.DataFrame(
        {
            "lift": [0.9, 0.8],
            "lift_volume": [0.7, 0.84],
            "lift_list": [0.5, 0.6],
            "slope": [1.0, 1.3],
            "level": [1.0, 1.0],
        }
    ).assign(published=["logistic", "volume"], covers_one=[False, True], orders=[10, 20])
    told = [cell.strip() for cell in bench_models.row_of("it", figures).strip("|").split("|")]
    assert len(told) == bench_models.COLUMNS.count("|") - 1
    assert told[:6] == ["it", "2", "15", "0.85 (0.80–0.90)", "1 of 2", "0.77 (0.70–0.84)"]
    assert told[7:9] == ["1 of 2", "1 of 2"]
    assert told[-2:] == ["1 of 2", "1 of 2"]

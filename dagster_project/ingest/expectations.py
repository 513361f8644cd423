"""Great Expectations judges a profile: one suite a layout, one expectation a threshold, one batch a file.

Belongs here: everything that knows Great Expectations. Its import costs seconds, so it happens when the first new file of a night
is judged and not before. Does not belong here: the thresholds (`thresholds`) and what follows from a verdict (`judgement`).
The batch is the profile, a frame of one row; no row of a file is ever in it.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

from dagster_project.ingest.thresholds import Threshold

_SEVERITIES = {"fail": "critical", "warn": "warning"}


def judge(suite: str, applied: Sequence[tuple[Threshold, float]]) -> list[bool]:
    """Whether each value keeps its threshold, as the validation of the batch by the suite says."""
    import pandas as pd

    suite_of, expectations, profiles = _ready()
    frame = pd.DataFrame([{one.name: float(value) for one, value in applied}])
    asked = [
        expectations.ExpectColumnMaxToBeBetween(
            column=one.name,
            min_value=one.at_least,
            max_value=one.at_most,
            severity=_SEVERITIES[one.severity],
            notes=one.because,
        )
        for one, _ in applied
    ]
    batch = profiles.get_batch({"dataframe": frame})
    results = batch.validate(suite_of(name=suite, expectations=asked)).results
    kept = {(found.expectation_config.kwargs["column"], found.expectation_config.severity): found for found in results}
    return [_kept(kept[one.name, _SEVERITIES[one.severity]]) for one, _ in applied]


def _kept(result: Any) -> bool:
    """The verdict; an expectation that could not be asked is an error of ours, never a pass or a fault of the file."""
    if result.exception_info.get("raised_exception"):
        raise RuntimeError(f"a threshold could not be judged: {result.exception_info['exception_message']}")
    return bool(result.success)


@cache
def _ready() -> tuple[Any, Any, Any]:
    """Great Expectations itself, its expectations, and where profiles are handed over: a context in memory that sends nothing."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        import great_expectations.expectations as expectations
        from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    profiles = context.data_sources.add_pandas("profiles").add_dataframe_asset("profile")
    return gx.ExpectationSuite, expectations, profiles.add_batch_definition_whole_dataframe("file")

"""What several rooms' tests share: where the real excerpts lie, and which files take long. Not here: fixtures of one room."""

import gc
import os
from pathlib import Path

import pytest

# Dagster's definitions and dbt's manifests live as long as a worker: searched for cycles at Python's own pace, they cost a fifth of its time.
gc.set_threshold(100_000, 50, 100)

PROJECT = Path(__file__).resolve().parent.parent
# Begun first, the longest of all before the others: a file runs in one worker, and the short ones fill up what is left at the end.
LONGEST = (
    "end_to_end/test_poor_landings.py",
    "end_to_end/test_replay.py",
    "end_to_end/test_nights.py",
    "end_to_end/test_crms.py",
    "dbt/test_kept.py",
    "end_to_end/test_arrivals.py",
    "dbt/test_unit_tests.py",
    "end_to_end/test_real_excerpts.py",
    "models_ml/test_targeting.py",
    "linkage/test_linkage.py",
    "end_to_end/test_opted_out.py",
    "linkage/test_facilities_and_recipients.py",
    "end_to_end/test_canary.py",
    "models_ml/test_forecasting_truth.py",
    "linkage/test_real_excerpts.py",
    "models_ml/test_list_changes.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only where several workers share the files: alone, the quick ones stay where they are and fail first."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        places = {PROJECT / "tests" / name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(item.path, len(LONGEST)))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real public excerpts; absent on most machines."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.exists():
        pytest.skip("the real public excerpts (../shared/data) are not on this machine")
    return folder


@pytest.fixture(autouse=True)
def _same_environment():
    """Options of the command line travel in the environment; no test leaves any behind."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)

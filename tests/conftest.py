"""What several rooms' tests share: where the real excerpts lie. Not here: fixtures of one room."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


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

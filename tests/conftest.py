"""What several rooms' tests share: where the real excerpts lie. Not here: fixtures of one room."""

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

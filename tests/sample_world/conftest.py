"""One small world for all tests of the generator."""

from pathlib import Path

import pytest
import sample_world
from sample_world import SampleReport

PROVIDERS = 240


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> SampleReport:
    return sample_world.write(tmp_path_factory.mktemp("world") / "landing", providers=PROVIDERS)


@pytest.fixture(scope="session")
def crm(world: SampleReport) -> Path:
    return world.landing / "crm" / "salesforce"

"""What tests of publication share: the SQL that decides on counts of patients, compiled once."""

import pytest

from tests.publish.patient_worlds import compiled_models


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> dict[str, str]:
    return compiled_models(tmp_path_factory.mktemp("compiled"))

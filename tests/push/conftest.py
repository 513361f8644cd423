"""Published nights before CRMs that stand on this machine. Not here: any expectation."""

from pathlib import Path

import pytest

from dagster_project.push.push import Outcome, push
from tests.publish.writeback_nights import Nights
from tests.pull.conftest import TOKEN, hubspot_access, naps, salesforce_access
from tests.push.hubspot_server import HubspotServer
from tests.push.salesforce_server import SalesforceServer

__all__ = ["hubspot_access", "naps", "salesforce_access"]


class Pushed(Nights):
    """Nights that can be pushed."""

    def push(self, connect, full: bool = False) -> list[Outcome]:
        return list(push(connect(), self.home, full))


@pytest.fixture
def nights(tmp_path: Path) -> Pushed:
    return Pushed(tmp_path)


@pytest.fixture
def org(httpserver, salesforce_access) -> SalesforceServer:
    """A Salesforce org that takes what is pushed."""
    return SalesforceServer(httpserver, TOKEN)


@pytest.fixture
def account(httpserver, hubspot_access) -> HubspotServer:
    """A HubSpot account that takes what is pushed."""
    return HubspotServer(httpserver, TOKEN)

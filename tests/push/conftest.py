"""Published nights before CRMs that stand on this machine. Not here: any expectation."""

from pathlib import Path

import pytest

from dagster_project.pull import hubspot_client, patience
from dagster_project.push.push import Outcome, push
from tests.publish.writeback_nights import Nights
from tests.pull.conftest import TOKEN, ToServer, naps
from tests.push.hubspot_server import HubspotServer
from tests.push.salesforce_server import SalesforceServer

__all__ = ["naps"]


class Pushed(Nights):
    """Nights that can be pushed."""

    def push(self, connect, full: bool = False) -> list[Outcome]:
        return list(push(connect(), self.home, full))


@pytest.fixture
def nights(tmp_path: Path) -> Pushed:
    return Pushed(tmp_path)


@pytest.fixture
def org(httpserver, monkeypatch, naps) -> SalesforceServer:
    """A Salesforce org with an access token in the environment."""
    monkeypatch.setattr(patience, "HTTPAdapter", ToServer)
    monkeypatch.setattr(ToServer, "base", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_INSTANCE_URL", "https://acme.my.salesforce.com")
    return SalesforceServer(httpserver, TOKEN)


@pytest.fixture
def account(httpserver, monkeypatch, naps) -> HubspotServer:
    """A HubSpot account with a private app's token in the environment."""
    monkeypatch.setattr(hubspot_client, "HOST", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("FIELDSCOPE_HUBSPOT_TOKEN", TOKEN)
    return HubspotServer(httpserver, TOKEN)

"""Access to CRMs that stand on this machine, and a clock that does not make tests wait. Not here: any expectation."""

import time
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter

from dagster_project.pull import hubspot_client, patience
from dagster_project.pull.pull import Outcome, pull
from tests.ingest.conftest import Border
from tests.pull.hubspot_server import HubspotServer
from tests.pull.salesforce_server import SalesforceServer

TOKEN = "00Dcanary!AQ8AQ.token-that-must-stay-hidden"


class ToServer(HTTPAdapter):
    """Sends to the local server what is meant for Salesforce; everything else is as in the product."""

    base = ""

    def send(self, request: requests.PreparedRequest, **options):
        host = request.url.split("/")[2]
        request.url = request.url.replace(f"https://{host}", self.base)
        return super().send(request, **options)


class Pull:
    """One landing zone and the pulls into it."""

    def __init__(self, home: Path) -> None:
        self.landing, self.spill = home / "landing", home / "spill"

    def __call__(self, connect, *names: str, full: bool = False) -> dict[str, Outcome]:
        crm = connect(self.landing)
        config = {"threads": 1, "memory_limit": "500MB"}
        return {
            outcome.name: outcome for outcome in pull(crm, self.landing, self.spill, names or crm.objects, full, config)
        }

    def text(self, name: str) -> str:
        return (self.landing / "crm" / name).read_text(encoding="utf-8")


@pytest.fixture
def pulled(tmp_path: Path) -> Pull:
    return Pull(tmp_path)


@pytest.fixture
def border(tmp_path: Path) -> Border:
    """The border before the landing zone that is pulled into."""
    return Border(tmp_path)


@pytest.fixture
def naps(monkeypatch) -> list[float]:
    """The seconds that somebody wanted to wait; nobody does."""
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    monkeypatch.setattr("simple_salesforce.bulk2.sleep", found.append)
    return found


@pytest.fixture
def salesforce_access(httpserver, monkeypatch, naps) -> None:
    """An access token in the environment, and a way that leads to the local server."""
    monkeypatch.setattr(patience, "HTTPAdapter", ToServer)
    monkeypatch.setattr(ToServer, "base", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("FIELDSCOPE_SALESFORCE_INSTANCE_URL", "https://acme.my.salesforce.com")


@pytest.fixture
def hubspot_access(httpserver, monkeypatch, naps) -> None:
    """A private app's token in the environment, and a way that leads to the local server."""
    monkeypatch.setattr(hubspot_client, "HOST", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("FIELDSCOPE_HUBSPOT_TOKEN", TOKEN)


@pytest.fixture
def org(httpserver, salesforce_access) -> SalesforceServer:
    """A Salesforce org that is asked for its records."""
    return SalesforceServer(httpserver, TOKEN)


@pytest.fixture
def account(httpserver, hubspot_access) -> HubspotServer:
    """A HubSpot account that is asked for its records."""
    return HubspotServer(httpserver, TOKEN)

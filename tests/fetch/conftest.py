"""A publisher on this machine that answers as the real ones do, breaks included. Not here: any expectation."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner, Result
from werkzeug import Request, Response

from dagster_project.cli import app
from tests.ingest.conftest import Border

PHYSICIANS = "92396110-2aed-4d63-a6a2-5d6207d46a29"
TITLE = "Medicare Physician & Other Practitioners - by Provider and Service"
RELEASE = "4f307be4-6868-4a9e-ae92-acf3fd4b5543"
NAME = "MUP_PHY_R24_P05_V10_D22_Prov_Svc.csv"


class Remote:
    """One remote file: serves ranges, gives its marks, and misbehaves as told."""

    def __init__(self, content: bytes, etag: str | None = '"one"') -> None:
        self.content, self.etag = content, etag
        self.breaks: list[int] = []
        self.asked: list[Request] = []
        self.takes_ranges = True
        self.length: int | None = None
        self.after_break: Callable[[], None] = lambda: None

    def answer(self, request: Request) -> Response:
        self.asked.append(request)
        headers = {"Content-Type": "text/csv", **({"ETag": self.etag} if self.etag else {})}
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return Response(status=304, headers=headers)
        start, status = 0, 200
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if wanted and self.takes_ranges and request.headers.get("If-Range") == self.etag:
            start, status = int(wanted[1]), 206
            if start >= len(self.content):
                return Response(status=416, headers=headers | {"Content-Range": f"bytes */{len(self.content)}"})
            headers["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        body = self.content[start:]
        length = self.length if self.length is not None else len(body)
        if request.method == "GET" and self.breaks and self.breaks[0] < len(body):
            body = body[: self.breaks.pop(0)]
            self.after_break()
        return Response(iter([body]), status=status, headers=headers | {"Content-Length": str(length)})


class Publisher:
    """Every publisher in one: catalogues by path, files by name."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.server.no_handler_status_code = 404

    def url(self, path: str) -> str:
        return self.server.url_for(path)

    def serve(self, path: str, remote: Remote) -> Remote:
        self.server.expect_request(path).respond_with_handler(remote.answer)
        return remote

    def catalogue(self, *datasets: dict) -> None:
        self.server.expect_request("/data.json").respond_with_json({"@type": "dcat:Catalog", "dataset": list(datasets)})

    def asked(self, path: str) -> list[Request]:
        return [request for request, _ in self.server.log if request.path == path]

    def physicians(
        self, year: int = 2022, name: str = NAME, release: str = RELEASE, modified: str = "2024-06-04"
    ) -> dict:
        """The data set as the catalogue lists it: the year as latest API, as file and as the API of its release."""
        common = {
            "@type": "dcat:Distribution",
            "modified": modified,
            "temporal": f"{year}-01-01/{year}-12-31",
            "title": f"{TITLE} : {year}-12-01",
        }
        latest, own = (self.url(f"/data-api/v1/dataset/{uuid}/data") for uuid in (PHYSICIANS, release))
        resources = {"resourcesAPI": self.url(f"/data-api/v1/dataset-resources/{release}")}
        return {
            "@type": "dcat:Dataset",
            "identifier": self.url(f"/data-api/v1/dataset/{PHYSICIANS}/data-viewer"),
            "title": TITLE,
            "modified": "2020-01-01",
            "temporal": "2013-01-01/2022-12-31",
            "distribution": [
                {**common, "accessURL": latest, "description": "latest", "format": "API", "resourcesAPI": latest},
                {**common, "downloadURL": self.url(f"/files/{name}"), "mediaType": "text/csv", **resources},
                {**common, "accessURL": own, "format": "API", **resources},
            ],
        }


@pytest.fixture
def publisher(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Publisher:
    served = Publisher(httpserver)
    for name, path in {
        "CMS": "/data.json",
        "OPEN_PAYMENTS": "/items",
        "NPPES": "/nppes/NPI_Files.html",
        "CARE_COMPARE": "/provider-data",
    }.items():
        monkeypatch.setenv(f"FIELDSCOPE_FETCH_{name}_URL", served.url(path))
    monkeypatch.setenv("FIELDSCOPE_FETCH_PAUSE_SECONDS", "0")
    monkeypatch.setenv("NO_PROXY", "*")
    return served


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the fetch would have slept; it does not."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", lambda seconds: slept.append(seconds) if seconds > 0 else None)
    return slept


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIELDSCOPE_HOME", str(tmp_path))
    return tmp_path / "landing"


@pytest.fixture
def fetch(landing: Path) -> Callable[..., Result]:
    return lambda *arguments: CliRunner().invoke(app, ["fetch", *arguments])


def seen(landing: Path) -> list[str]:
    """The files that the border would look at."""
    return sorted(
        path.relative_to(landing).as_posix()
        for path in landing.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )


def border_of(landing: Path, house: Path) -> Border:
    """The border in front of a landing zone that was fetched."""
    border = Border(house)
    border.landing = landing
    return border


def remembered(landing: Path, folder: str, name: str) -> dict:
    return json.loads((landing / folder / f".{name}.fetched.json").read_text())

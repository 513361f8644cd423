"""How a publisher is asked: patiently, in its own time, under a plain name."""

import fcntl

import pytest
from werkzeug import Response

from tests.fetch.conftest import NAME, Remote, seen
from tests.fetch.test_download import CMS, PLACE


@pytest.fixture
def remote(publisher) -> Remote:
    publisher.catalogue(publisher.physicians())
    return publisher.serve(f"/files/{NAME}", Remote(b"a,b\n1,2\n"))


def refusing(publisher, path: str, answers: list[Response], then: Remote) -> None:
    queue = iter(answers)
    publisher.server.expect_request(path).respond_with_handler(
        lambda request: next(queue, None) or then.answer(request)
    )


def test_too_many_requests_waits_as_long_as_it_is_told(fetch, landing, publisher, naps):
    publisher.catalogue(publisher.physicians())
    answers = [Response(status=429, headers={"Retry-After": "17"}), Response(status=503), Response(status=500)]
    refusing(publisher, f"/files/{NAME}", answers, Remote(b"a,b\n1,2\n"))
    assert fetch(*CMS).exit_code == 0
    assert seen(landing) == [PLACE]
    assert 17 in naps


def test_a_wait_without_end_is_cut_short(fetch, publisher, naps):
    publisher.server.expect_request("/data.json").respond_with_response(
        Response(status=429, headers={"Retry-After": "86400"})
    )
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert "run again in an hour" in result.output
    assert max(naps) == 300
    assert len(publisher.asked("/data.json")) == 6


def test_a_server_that_fails_for_good_is_given_up(fetch, publisher):
    publisher.server.expect_request("/data.json").respond_with_data("down", status=502)
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert "fails on its side (502)" in result.output
    assert len(publisher.asked("/data.json")) == 6


def test_a_refused_name_is_changed_once_and_remembered(fetch, landing, publisher):
    remote = Remote(b"a,b\n1,2\n")

    def choosy(request):
        return remote.answer(request) if request.headers["User-Agent"].startswith("Mozilla/") else Response(status=403)

    publisher.catalogue(publisher.physicians())
    publisher.server.expect_request(f"/files/{NAME}").respond_with_handler(choosy)
    assert fetch(*CMS).exit_code == 0
    assert seen(landing) == [PLACE]
    assert publisher.asked("/data.json")[0].headers["User-Agent"] == "fieldscope"
    assert [request.headers["User-Agent"] for request in publisher.asked(f"/files/{NAME}")] == [
        "fieldscope",
        "Mozilla/5.0 (compatible; fieldscope)",
    ]


def test_a_portal_that_refuses_every_name_says_what_to_set(fetch, publisher):
    publisher.server.expect_request("/data.json").respond_with_data("no", status=403)
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert "FIELDSCOPE_FETCH_USER_AGENT" in result.output
    assert len(publisher.asked("/data.json")) == 2


def test_a_catalogue_that_is_a_page_is_told_with_its_beginning(fetch, publisher):
    publisher.server.expect_request("/data.json").respond_with_data("<html>Maintenance", content_type="text/html")
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert "<html>Maintenance" in result.output


def test_a_catalogue_that_breaks_off_is_asked_for_again(fetch, landing, publisher, remote, naps):
    whole = publisher.server.handlers[:]
    assert whole
    publisher.server.expect_oneshot_request("/data.json").respond_with_response(
        Response(iter([b'{"dataset": [']), headers={"Content-Length": "9000"})
    )
    assert fetch(*CMS).exit_code == 0
    assert seen(landing) == [PLACE]


def test_a_pause_lies_between_two_requests(fetch, publisher, remote, naps, monkeypatch):
    monkeypatch.setenv("FIELDSCOPE_FETCH_PAUSE_SECONDS", "0.5")
    fetch(*CMS)
    assert len([nap for nap in naps if 0.3 < nap <= 0.5]) >= 1


def test_a_publisher_out_of_reach(fetch, publisher, monkeypatch):
    monkeypatch.setenv("FIELDSCOPE_FETCH_CMS_URL", "http://127.0.0.1:9/data.json")
    monkeypatch.setenv("FIELDSCOPE_FETCH_RETRIES", "1")
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert "cannot be reached" in result.output


def test_two_fetches_at_once_into_one_landing_zone(fetch, landing, remote):
    landing.mkdir()
    with open(landing / ".fetch.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = fetch(*CMS)
    assert result.exit_code == 1
    assert "another fetch" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("cms", "--years", "22"),
        ("cms", "--years", "2022-2019"),
        ("cms", "--states", "Massachusetts"),
        ("cms", "--kinds", "outpatient"),
        ("nppes", "--years", "2024"),
        ("everything",),
    ],
)
def test_wrong_usage_ends_with_two_before_any_request(fetch, publisher, arguments):
    assert fetch(*arguments).exit_code == 2
    assert publisher.server.log == []

"""What a network does to a download, and that a file is in the landing zone whole or not at all."""

import shutil

import pytest
from werkzeug import Response

from dagster_project.fetch.download import readable
from tests.fetch.conftest import NAME, RELEASE, Remote, border_of, remembered, seen
from tests.ingest.conftest import services

PLACE = f"claims/{NAME}"
CMS = ("cms", "--kinds", "physicians")


@pytest.fixture
def content() -> bytes:
    return "".join(",".join(row) + "\r\n" for row in services(400)).encode()


@pytest.fixture
def remote(publisher, content) -> Remote:
    publisher.catalogue(publisher.physicians())
    return publisher.serve(f"/files/{NAME}", Remote(content))


def sized(publisher, size: int) -> None:
    answer = {"meta": {"success": True}, "data": [{"type": "Primary", "file_name": NAME, "file_size": size}]}
    publisher.server.expect_request(f"/data-api/v1/dataset-resources/{RELEASE}").respond_with_json(answer)


def test_the_border_takes_what_was_fetched(fetch, landing, publisher, remote, content, tmp_path_factory):
    sized(publisher, len(content))
    result = fetch(*CMS, "--years", "2022")
    assert result.exit_code == 0, result.output
    assert seen(landing) == [PLACE]
    assert (landing / PLACE).read_bytes() == content
    border = border_of(landing, tmp_path_factory.mktemp("house"))
    taken = border.take("claims")
    assert not taken.refused
    assert not taken.unrecognised
    assert border.ask("select count(*), min(_period), max(_release) from {}", "claims/provider_service") == [
        (400, 2022, "2024.05.10")
    ]


def test_what_was_fetched_is_remembered_with_its_hash_and_not_fetched_again(fetch, landing, remote):
    fetch(*CMS)
    entry = remembered(landing, "claims", NAME)
    assert (entry["etag"], entry["size"], len(entry["sha256"])) == ('"one"', len(remote.content), 64)
    before = (landing / PLACE).stat().st_mtime_ns
    result = fetch(*CMS)
    assert result.exit_code == 0
    assert "unchanged" in result.output
    assert (landing / PLACE).stat().st_mtime_ns == before
    assert remote.asked[-1].headers["If-None-Match"] == '"one"'


def test_without_marks_the_catalogues_day_and_the_size_tell(fetch, landing, publisher, remote):
    remote.etag = None
    fetch(*CMS)
    assert "unchanged" in fetch(*CMS).output
    assert [request.method for request in remote.asked] == ["GET", "HEAD"]
    publisher.server.clear_all_handlers()
    publisher.catalogue(publisher.physicians(modified="2024-09-01"))
    publisher.serve(f"/files/{NAME}", remote)
    assert "fetched" in fetch(*CMS).output


def test_a_file_that_the_publisher_replaced_is_fetched_again(fetch, landing, remote):
    fetch(*CMS)
    remote.content, remote.etag = remote.content[:-8] + b"999999\r\n", '"two"'
    assert fetch(*CMS).exit_code == 0
    assert (landing / PLACE).read_bytes() == remote.content


def test_a_file_that_was_lost_or_cut_here_is_fetched_again(fetch, landing, remote, content):
    fetch(*CMS)
    (landing / PLACE).write_bytes(content[:100])
    assert fetch(*CMS).exit_code == 0
    assert (landing / PLACE).read_bytes() == content


def test_a_body_that_breaks_off_goes_on_where_it_stopped(fetch, landing, remote, content, naps):
    remote.breaks = [5000, 7000]
    assert fetch(*CMS).exit_code == 0
    assert (landing / PLACE).read_bytes() == content
    assert [request.headers.get("Range") for request in remote.asked] == [None, "bytes=5000-", "bytes=12000-"]
    assert naps, "a pause lies between two attempts"


def test_a_server_that_ignores_ranges_is_read_anew(fetch, landing, remote, content):
    remote.breaks, remote.takes_ranges = [5000], False
    assert fetch(*CMS).exit_code == 0
    assert (landing / PLACE).read_bytes() == content


def test_a_server_without_marks_is_read_anew_after_a_break(fetch, landing, remote, content):
    remote.breaks, remote.etag = [5000], None
    assert fetch(*CMS).exit_code == 0
    assert (landing / PLACE).read_bytes() == content
    assert [request.headers.get("Range") for request in remote.asked] == [None, None]


def test_a_file_that_changes_between_two_parts_is_never_mixed(fetch, landing, remote):
    def change() -> None:
        remote.content, remote.etag = remote.content.replace(b"Boston", b"Quincy"), '"two"'

    remote.breaks, remote.after_break = [5000], change
    assert fetch(*CMS).exit_code == 0
    assert b"Boston" not in (landing / PLACE).read_bytes()


def test_a_server_that_goes_on_with_another_version_is_found_out(fetch, landing, publisher, content):
    """It answers 206 whatever If-Range says, each time with another mark."""
    publisher.catalogue(publisher.physicians())
    answers = iter(range(100))

    def answer(request):
        start = int(request.headers.get("Range", "bytes=0-")[6:-1])
        headers = {"ETag": f'"{next(answers)}"', "Content-Length": str(len(content) - start)}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return Response(iter([content[start : start + 5000]]), 206 if start else 200, headers)

    publisher.server.expect_request(f"/files/{NAME}").respond_with_handler(answer)
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert "changes while it is fetched" in result.output
    assert seen(landing) == []


def test_a_break_that_never_ends_stops_and_the_next_command_goes_on(fetch, landing, remote, content):
    remote.breaks = [5000] + [0] * 6
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert f"after {readable(5000)}" in result.output
    assert seen(landing) == []
    assert fetch(*CMS).exit_code == 0
    assert remote.asked[-1].headers["Range"] == "bytes=5000-"
    assert (landing / PLACE).read_bytes() == content


def test_a_part_that_was_whole_already_is_not_fetched_again(fetch, landing, remote, content):
    fetch(*CMS)
    entry = remembered(landing, "claims", NAME)
    shutil.move(landing / PLACE, landing / "claims" / f".part.{NAME}")
    (landing / "claims" / f".part.{NAME}.json").write_text(
        f'{{"url": "{entry["url"]}", "etag": "\\"one\\"", "last_modified": null, "size": {len(content)}}}'
    )
    assert fetch(*CMS).exit_code == 0
    assert remote.asked[-1].headers["Range"] == f"bytes={len(content)}-"
    assert (landing / PLACE).read_bytes() == content


@pytest.mark.parametrize("difference", [-10, 10])
def test_a_length_that_is_not_the_catalogues_is_an_error(fetch, landing, publisher, remote, content, difference):
    sized(publisher, len(content) + difference)
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert f"{len(content)} bytes where the publisher's catalogue says {len(content) + difference}" in result.output
    assert seen(landing) == []


def test_a_server_that_promises_more_than_it_gives(fetch, landing, remote, content):
    remote.length, remote.takes_ranges = len(content) + 1000, False
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert "broke off" in result.output
    assert seen(landing) == []


def test_a_server_that_promises_less_than_it_has_is_caught_by_the_catalogue(fetch, landing, publisher, remote, content):
    sized(publisher, len(content))
    remote.length = len(content) - 1000
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert seen(landing) == []


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/csv"])
def test_a_page_instead_of_a_table_replaces_nothing(fetch, landing, publisher, remote, content, kind):
    fetch(*CMS)
    publisher.server.clear()
    publisher.catalogue(publisher.physicians())
    page = "<!doctype html><title>Maintenance</title>"
    publisher.server.expect_request(f"/files/{NAME}").respond_with_data(page, content_type=kind)
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert "nothing was put in place" in result.output or "web page" in result.output
    assert (landing / PLACE).read_bytes() == content


def test_one_file_that_fails_does_not_keep_the_others(fetch, landing, publisher, content):
    other = "MUP_PHY_R23_P05_V10_D21_Prov_Svc.csv"
    record = publisher.physicians()
    record["distribution"] += publisher.physicians(2021, other)["distribution"]
    publisher.catalogue(record)
    publisher.serve(f"/files/{NAME}", Remote(content))
    result = fetch(*CMS, "--years", "2020-2022")
    assert result.exit_code == 1
    assert "is gone" not in result.output or other in result.output
    assert "not published for 2020; there are 2021, 2022" in result.output
    assert seen(landing) == [PLACE]


def test_too_small_a_disk_is_found_before_anything_is_written(fetch, landing, remote, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    result = fetch(*CMS)
    assert result.exit_code == 1
    assert "make room or choose another --landing" in result.output
    assert seen(landing) == []


def test_a_file_put_there_by_hand_is_left_alone(fetch, landing, remote):
    (landing / "claims" / "mine").mkdir(parents=True)
    (landing / "claims" / "mine" / NAME).write_text("mine")
    result = fetch(*CMS)
    assert "put there by hand" in result.output
    assert seen(landing) == [f"claims/mine/{NAME}"]


def test_a_dry_run_lists_names_and_sizes_and_writes_nothing(fetch, landing, remote, content):
    result = fetch(*CMS, "--dry-run")
    assert result.exit_code == 0
    assert f"{PLACE}: {readable(len(content))}" in result.output
    assert not landing.exists()
    assert [request.method for request in remote.asked] == ["HEAD"]


def test_what_is_not_whole_is_no_file_of_the_border(fetch, landing, remote, tmp_path_factory):
    remote.breaks = [5000] + [0] * 6
    fetch(*CMS)
    assert any((landing / "claims").iterdir()), "a part lies here"
    taken = border_of(landing, tmp_path_factory.mktemp("house")).take("claims")
    assert (taken.files_in_use, taken.refused, taken.unrecognised) == (0, {}, {})

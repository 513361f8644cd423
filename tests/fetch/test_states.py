"""The rows of some states: exact, by whichever way, and never at the cost of states that are there."""

import csv
import io
import json

import pytest
from werkzeug import Response

from dagster_project.fetch import rows as data_interface
from dagster_project.fetch.arrival import Arrival
from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.recognise import find_files
from tests.fetch.conftest import NAME, RELEASE, Remote, border_of, remembered, seen
from tests.ingest.conftest import PAYMENTS, SERVICES, npi, payments, services

CMS = ("cms", "--kinds", "physicians")
DATA = f"/data-api/v1/dataset/{RELEASE}/data"
STATE = SERVICES.index("Rndrng_Prvdr_State_Abrvtn")


@pytest.fixture
def table() -> list[list[str]]:
    """Thirty rows: twelve of MA, one of them with a comma, quotes and a line break; eight of NY; ten of TX."""
    rows = services(30)
    for i, row in enumerate(rows[1:]):
        row[STATE] = "MA" if i < 12 else "NY" if i < 20 else "TX"
    rows[3][1] = 'Doe, "Joe"\nand Sons '
    rows[4][2] = ""
    return rows


class Interface:
    """The data interface as its clients describe it, and as it may misbehave."""

    def __init__(self, table: list[list[str]]) -> None:
        self.records = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
        self.ignores_offset = self.ignores_filter = False
        self.counts_more = 0

    def _of(self, request) -> list[dict]:
        column, state = next((key[7:-1], value) for key, value in request.args.items() if key.startswith("filter["))
        return [row for row in self.records if self.ignores_filter or row[column] == state]

    def stats(self, request) -> Response:
        found = {"found_rows": len(self._of(request)) + self.counts_more, "total_rows": len(self.records)}
        return Response(json.dumps({"data": found}), content_type="application/json")

    def data(self, request) -> Response:
        size, offset = int(request.args["size"]), int(request.args["offset"])
        if size > 5000:
            return Response(status=400)
        offset = 0 if self.ignores_offset else offset
        page = self._of(request)[offset : offset + size]
        return Response(json.dumps(page), content_type="application/json")


@pytest.fixture
def interface(publisher, table, monkeypatch) -> Interface:
    monkeypatch.setattr(data_interface, "PAGE", 5)
    served = Interface(table)
    publisher.catalogue(publisher.physicians())
    publisher.server.expect_request(DATA).respond_with_handler(served.data)
    publisher.server.expect_request(f"{DATA}-viewer/stats").respond_with_handler(served.stats)
    return served


@pytest.fixture
def whole(publisher, table) -> Remote:
    return publisher.serve(f"/files/{NAME}", Remote(as_csv(table)))


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def rows_in(path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def of(table: list[list[str]], *states: str) -> list[list[str]]:
    return [table[0], *(row for row in table[1:] if row[STATE] in states)]


def test_the_rows_of_two_states_come_page_by_page_and_are_exact(fetch, landing, publisher, interface, table):
    result = fetch(*CMS, "--states", "ny,MA")
    assert result.exit_code == 0, result.output
    assert seen(landing) == [f"claims/states=MA-NY/{NAME}"]
    assert rows_in(landing / f"claims/states=MA-NY/{NAME}") == of(table, "MA", "NY")
    assert publisher.asked(f"/files/{NAME}") == []
    assert len(publisher.asked(DATA)) == 5
    assert not list((landing / "claims").glob(".part*"))


def test_the_border_reads_a_cut_as_the_year_that_it_is(fetch, landing, interface, tmp_path_factory):
    fetch(*CMS, "--states", "MA")
    border = border_of(landing, tmp_path_factory.mktemp("house"))
    taken = border.take("claims")
    assert not taken.refused
    assert not taken.unrecognised
    assert border.ask(
        "select count(*), any_value(_period), any_value(_release), sum(tot_srvcs) from {}", "claims/provider_service"
    ) == [(12, 2022, "2024.05.10", sum(range(20, 32)))]


def test_the_same_states_again_ask_only_the_catalogue(fetch, publisher, interface):
    fetch(*CMS, "--states", "MA")
    publisher.server.clear_log()
    assert "unchanged" in fetch(*CMS, "--states", "MA").output
    assert [request.path for request, _ in publisher.server.log] == ["/data.json"]


def test_a_landing_zone_below_a_folder_that_looks_like_a_partition(fetch, tmp_path, interface, whole, table):
    """DuckDB would take `region=east` above a file for a column of it."""
    for states, kept in (("MA", ("MA",)), ("NY", ("MA", "NY"))):
        fetch(*CMS, "--states", states, "--landing", str(tmp_path / "region=east"))
        interface.counts_more = 1
        found = tmp_path / "region=east" / "claims" / f"states={'-'.join(kept)}" / NAME
        assert rows_in(found) == of(table, *kept)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("ignores_offset", "the same page at offset 5"),
        ("ignores_filter", "only"),
        ("counts_more", "gives 2 rows at offset 10 where its count leaves 3"),
    ],
)
def test_an_interface_that_cannot_be_trusted_gives_way_to_the_whole_file(
    fetch, landing, interface, whole, table, fault, said
):
    setattr(interface, fault, 1)
    result = fetch(*CMS, "--states", "MA")
    assert result.exit_code == 0, result.output
    assert said in result.output
    assert "cut here instead" in result.output
    assert rows_in(landing / f"claims/states=MA/{NAME}") == of(table, "MA")
    assert not list((landing / "claims").glob(".part*"))


def test_an_interface_that_does_not_answer_gives_way_too(fetch, landing, publisher, whole, table):
    publisher.catalogue(publisher.physicians())
    result = fetch(*CMS, "--states", "TX")
    assert result.exit_code == 0, result.output
    assert rows_in(landing / f"claims/states=TX/{NAME}") == of(table, "TX")


def test_a_broken_paging_goes_on_with_the_pages_that_are_there(fetch, landing, publisher, interface, table):
    pages = landing / "claims" / f".part.{NAME}.rows.pages"
    pages.mkdir(parents=True)
    for offset in (0, 5):
        page = [dict(zip(table[0], row, strict=True)) for row in of(table, "MA")[1:]][offset : offset + 5]
        (pages / f"MA-{offset:09d}.json").write_text(json.dumps(page))
    assert fetch(*CMS, "--states", "MA").exit_code == 0
    assert [request.args["offset"] for request in publisher.asked(DATA)] == ["10"]
    assert rows_in(landing / f"claims/states=MA/{NAME}") == of(table, "MA")


def test_nothing_half_is_ever_a_file_of_the_border(fetch, landing, whole, publisher, monkeypatch):
    """Looked at when the cut is finished and not yet in its place: the fullest moment."""
    looks = []
    put = Arrival._put

    def looking(self, *arguments):
        looks.append([name for source in SOURCES for name, _ in find_files(source, landing) if source.root is None])
        return put(self, *arguments)

    monkeypatch.setattr(Arrival, "_put", looking)
    publisher.catalogue(publisher.physicians())
    assert fetch(*CMS, "--states", "MA").exit_code == 0
    assert looks == [[]]


def test_a_cut_of_the_whole_file_is_not_made_again(fetch, publisher, whole):
    publisher.catalogue(publisher.physicians())
    fetch(*CMS, "--states", "MA")
    publisher.server.clear_log()
    assert "unchanged" in fetch(*CMS, "--states", "MA").output
    assert [request.path for request, _ in publisher.server.log] == ["/data.json"]


def test_more_states_grow_the_cut_and_lie_there_once(fetch, landing, interface, table):
    fetch(*CMS, "--states", "MA")
    assert fetch(*CMS, "--states", "NY").exit_code == 0
    assert seen(landing) == [f"claims/states=MA-NY/{NAME}"]
    assert rows_in(landing / f"claims/states=MA-NY/{NAME}") == of(table, "MA", "NY")
    assert remembered(landing, "claims", NAME)["states"] == ["MA", "NY"]


def test_a_newer_release_of_the_year_brings_the_states_of_the_older_one_too(
    fetch, landing, publisher, interface, table
):
    fetch(*CMS, "--states", "MA")
    newer = NAME.replace("R24", "R25")
    publisher.server.clear_all_handlers()
    publisher.catalogue(publisher.physicians(name=newer))
    publisher.serve(f"/files/{newer}", Remote(as_csv(table)))
    assert fetch(*CMS, "--states", "NY").exit_code == 0
    assert seen(landing) == [f"claims/states=MA-NY/{newer}", f"claims/states=MA/{NAME}"]


def test_the_whole_country_takes_the_place_of_its_cut_and_is_not_cut_again(fetch, landing, interface, whole):
    fetch(*CMS, "--states", "MA")
    fetch(*CMS)
    assert seen(landing) == [f"claims/{NAME}"]
    result = fetch(*CMS, "--states", "NY")
    assert result.exit_code == 0
    assert "stays whole" in result.output
    assert seen(landing) == [f"claims/{NAME}"]


def test_a_state_without_rows_is_an_error_and_no_reason_to_fetch_everything(
    fetch, landing, publisher, interface, whole
):
    result = fetch(*CMS, "--states", "QQ")
    assert result.exit_code == 1
    assert "no row of QQ" in result.output
    assert publisher.asked(f"/files/{NAME}") == []
    assert seen(landing) == []


@pytest.fixture
def payments_of(publisher):
    def serve(name: str, table: list[list[str]], title: str = "2023 General Payment Data") -> Remote:
        entry = {"downloadURL": publisher.url(f"/op/{name}"), "mediaType": "text/csv"}
        item = {"title": title, "modified": "2025-01-30", "distribution": [entry]}
        publisher.server.expect_request("/items").respond_with_json([item])
        return publisher.serve(f"/op/{name}", Remote(as_csv(table)))

    return serve


GENERAL = "OP_DTL_GNRL_PGYR2023_P01302025_01212025.csv"


def test_open_payments_are_cut_here_and_the_border_reads_the_cut(fetch, landing, payments_of, tmp_path_factory):
    table = payments(9)
    for row in table[1:4]:
        row[PAYMENTS.index("Recipient_State")] = "NY"
    payments_of(GENERAL, table)
    result = fetch("open-payments", "--kinds", "general", "--years", "2023", "--states", "NY")
    assert result.exit_code == 0, result.output
    assert seen(landing) == [f"open_payments/states=NY/{GENERAL}"]
    assert rows_in(landing / f"open_payments/states=NY/{GENERAL}") == table[:4]
    border = border_of(landing, tmp_path_factory.mktemp("house"))
    assert not border.take("open_payments").refused
    assert border.ask("select count(*), any_value(_period) from {}", "open_payments/general") == [(3, 2023)]


def test_a_wrong_state_keeps_the_large_file_for_the_right_one(fetch, landing, payments_of):
    remote = payments_of(GENERAL, payments(9))
    command = ("open-payments", "--kinds", "general", "--states")
    assert fetch(*command, "QQ").exit_code == 1
    assert seen(landing) == []
    assert fetch(*command, "MA").exit_code == 0
    assert [request.headers.get("Range") for request in remote.asked] == [None, f"bytes={len(remote.content)}-"]


def test_a_research_payment_belongs_to_the_states_of_its_investigators(fetch, landing, payments_of):
    header = ["Record_ID", "Recipient_State", "Principal_Investigator_1_State", "Principal_Investigator_1_NPI"]
    table = [header, ["1", "TX", "MA", npi(1)], ["2", "MA", "", ""], ["3", "TX", "TX", npi(3)]]
    name = "OP_DTL_RSRCH_PGYR2023_P01302025_01212025.csv"
    payments_of(name, table, "2023 Research Payment Data")
    assert fetch("open-payments", "--kinds", "research", "--states", "MA").exit_code == 0
    assert rows_in(landing / f"open_payments/states=MA/{name}") == table[:3]


def test_a_file_with_a_broken_row_is_not_cut_but_can_be_had_whole(fetch, landing, payments_of):
    table = payments(9)
    table[5] = table[5][:-3]
    remote = payments_of(GENERAL, table)
    result = fetch("open-payments", "--kinds", "general", "--states", "MA")
    assert result.exit_code == 1
    assert "fetch it without --states" in result.output
    assert fetch("open-payments", "--kinds", "general").exit_code == 0
    assert (landing / "open_payments" / GENERAL).read_bytes() == remote.content

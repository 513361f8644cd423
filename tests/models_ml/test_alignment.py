"""Which ZIPs should change territory: on small maps of which every answer can be seen."""

import json

import networkx as nx
import pandas as pd
import pytest

from models_ml.alignment import OUTPUTS, propose_moves
from models_ml.alignment.neighbours import neighbours

COLUMNS = 6


def grid(hours: list[list[float]], territories: list[str], **changes: dict[str, object]) -> pd.DataFrame:
    """ZIPs in rows and columns; each letter of `territories` is the territory of the ZIP below it. `changes` by column and ZIP."""
    rows = [
        {
            "territory_id": territories[row][column],
            "territory_name": f"Land {territories[row][column]}",
            "has_rep": True,
            "zip5": f"{row}000{column}",
            "latitude": 40 + row * 0.1,
            "longitude": -75 + column * 0.1,
            "workload_hours": load,
            "opportunity_usd": 1000 * load,
            "relationships": 1,
            "open_deals": 0,
            "customers": 0,
        }
        for row, loads in enumerate(hours)
        for column, load in enumerate(loads)
    ]
    frame = pd.DataFrame(rows)
    for name, values in changes.items():
        for zip5, value in values.items():
            frame.loc[frame["zip5"] == zip5, name] = value
    return frame


HEAVY_LEFT = grid([[10.0] * COLUMNS] * 2, ["AAAABB", "AAAABB"])


def moves(zips: pd.DataFrame) -> dict[str, tuple[str, str]]:
    proposals = propose_moves(zips)["proposals"]
    assert proposals["zip5"].is_unique
    return {row.zip5: (row.from_territory_id, row.to_territory_id) for row in proposals.itertuples()}


def loads(zips: pd.DataFrame) -> pd.Series:
    after = zips["zip5"].map({zip5: to for zip5, (_, to) in moves(zips).items()}).fillna(zips["territory_id"])
    return zips.groupby(after)["workload_hours"].sum()


def test_an_overloaded_side_gives_its_border():
    assert moves(HEAVY_LEFT) == {"00003": ("A", "B"), "10003": ("A", "B")}
    assert loads(HEAVY_LEFT).to_dict() == {"A": 60, "B": 60}


def test_the_proposal_says_what_moves_and_what_both_carry_before_and_after():
    proposal = propose_moves(HEAVY_LEFT)["proposals"].iloc[0]
    assert proposal["reason"] == (
        "Land A carries 133 % of an average workload and 133 % of an average opportunity, its neighbour Land B 67 % of an"
        " average workload and 67 % of an average opportunity; 10 hours a year, 10,000 USD of opportunity and 1 relationship move."
    )
    effect = json.loads(proposal["effect"])
    assert effect["relationships_moved"] == 1
    assert effect["from"] == {
        "workload_index_before": 1.3333, "workload_index_after": 1.0, "opportunity_index_before": 1.3333,
        "opportunity_index_after": 1.0,
    }  # fmt: skip
    assert effect["to"]["workload_index_before"] == 0.6667
    assert effect["all_within_10_percent_after"]


@pytest.mark.parametrize(
    "zips",
    [
        grid([[10.0] * COLUMNS] * 2, ["AAABBB", "AAABBB"]),
        grid([[10.0] * COLUMNS] * 2, ["AAAAAA", "AAAAAA"]),
        HEAVY_LEFT.assign(workload_hours=None),
        HEAVY_LEFT.assign(opportunity_usd=0.0),
        HEAVY_LEFT.assign(latitude=None),
        HEAVY_LEFT.assign(has_rep=HEAVY_LEFT["territory_id"] == "A"),
        HEAVY_LEFT.head(0),
    ],
    ids=["balanced", "one territory", "no length known", "no volume", "no coordinates", "a vacant neighbour", "no ZIP"],
)
def test_nothing_is_proposed(zips):
    tables = propose_moves(zips)
    assert tables["proposals"].empty
    assert {name: list(table.columns) for name, table in tables.items()} == {n: list(t) for n, t in OUTPUTS.items()}


def test_where_the_hours_of_some_calls_are_unknown_nothing_is_proposed():
    unknown = HEAVY_LEFT.copy()
    unknown.loc[0, "workload_hours"] = None
    assert moves(unknown) == {}


def test_the_order_of_rows_does_not_matter():
    turned = HEAVY_LEFT.sample(frac=1.0, random_state=7)
    assert propose_moves(turned)["proposals"].equals(propose_moves(HEAVY_LEFT)["proposals"])


def test_the_giver_stays_in_one_piece():
    """A's left wing hangs on one ZIP beside B: to give that ZIP would cut it off, so that B takes another."""
    hours = [[10.0, 10.0, 10.0, 10.0], [10.0, 10.0, 10.0, 10.0], [10.0, 10.0, 10.0, 10.0]]
    zips = grid(hours, ["AAAA", "BBAB", "AAAA"], workload_hours={"10002": 11.0})
    given = moves(zips)
    assert given
    assert "10002" not in given
    left = zips[(zips["territory_id"] == "A") & ~zips["zip5"].isin(given)]
    pairs = neighbours(zips["latitude"].to_numpy(), zips["longitude"].to_numpy())
    assert nx.is_connected(nx.Graph(pairs.tolist()).subgraph(left.index))


def test_a_zip_with_all_the_relationships_moves_last():
    """Four ZIPs on the border would do, two of them without anybody who knows the rep."""
    zips = grid([[10.0] * COLUMNS] * 3, ["AAAABB"] * 3, relationships={"10003": 40}, customers={"10003": 9})
    given = moves(zips)
    assert given
    assert "10003" not in given


def test_an_empty_zip_goes_with_the_one_it_lies_beside():
    zips = grid([[10.0, 10.0, 10.0, 10.0, 0.0, 10.0]] * 2, ["AAAAAB"] * 2, relationships={"00004": 0, "10004": 0})
    tables = propose_moves(zips)
    given = tables["proposals"].set_index("zip5")
    assert {"00003", "00004", "10003", "10004"} <= set(given.index)
    empty = given.loc["00004"]
    assert json.loads(empty["effect"])["goes_with_zip5"] in {"00003", "10003"}
    assert "holds nothing and goes with its neighbour" in empty["reason"]


def test_what_lies_outside_the_zips_stays_with_its_territory():
    elsewhere = HEAVY_LEFT.head(1).assign(territory_id="B", territory_name="Land B", zip5=None, latitude=None,
                                          longitude=None, workload_hours=40.0, opportunity_usd=40000.0)  # fmt: skip
    assert moves(pd.concat([HEAVY_LEFT, elsewhere], ignore_index=True)) == {}


def test_one_zip_that_alone_holds_too_much_is_proof_and_said_so():
    zips = grid([[10.0] * COLUMNS] * 2, ["AAABBB"] * 2, workload_hours={"00000": 200.0})
    verdicts = propose_moves(zips)["balance"].set_index("territory_id")["verdict"]
    assert "proven out of reach: ZIP 00000 alone holds 129 % of an average workload" in verdicts["A"]


def test_an_island_is_proof_and_gives_nothing():
    zips = pd.concat([HEAVY_LEFT.iloc[[0, 1, 2, 6, 7, 8]], HEAVY_LEFT.iloc[[4, 10]].assign(longitude=[10.0, 10.1])])
    tables = propose_moves(zips)
    assert tables["proposals"].empty
    verdicts = tables["balance"].set_index("territory_id")["verdict"]
    assert "it touches no other territory with a rep, and holds 150 % of an average workload" in verdicts["A"]


def test_what_is_merely_not_reached_is_never_called_proof():
    """Workload asks for the one direction and opportunity for the other: no move helps, and nothing is proved."""
    zips = HEAVY_LEFT.assign(opportunity_usd=[100.0, 100.0, 100.0, 100.0, 200.0, 200.0] * 2)
    verdicts = propose_moves(zips)["balance"]["verdict"]
    assert len(verdicts)
    assert all("that is no proof" in text and "proven" not in text for text in verdicts)


def test_boxes_in_one_place_and_zips_in_one_line_are_neighbours():
    line = [0.0, 0.1, 0.1, 0.2]
    assert neighbours(pd.Series([40.0] * 4).to_numpy(), pd.Series(line).to_numpy()).tolist() == [[0, 1], [1, 2], [1, 3]]
    assert neighbours(pd.Series([40.0]).to_numpy(), pd.Series([1.0]).to_numpy()).tolist() == []


def test_water_is_no_border():
    far = grid(
        [[10.0] * COLUMNS] * 2, ["AAAABB"] * 2, longitude={f"{r}000{c}": 30.0 + c for r in (0, 1) for c in (4, 5)}
    )
    assert moves(far) == {}

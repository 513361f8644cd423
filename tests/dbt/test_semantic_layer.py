"""Metrics as an analyst asks for them give what SQL by hand on the published marts gives, to the last digit, and count nothing twice."""

import csv
import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from dagster_project import metrics, warehouse
from dagster_project.cli import app
from dagster_project.publish.export import marts_of

# A little company: two territories of one region, one without a region, an overlay across the first two; a rep left T2 for T3.
ROWS = {
    "refresh_log": [{"refresh_id": "1", "as_of": "2025-06-30"}],
    "territories": [
        {"territory_id": "T1", "name": "Boston", "region": "East", "rep_id": "ann", "is_overlay": False},
        {"territory_id": "T2", "name": "Albany", "region": "East", "is_overlay": False},
        {"territory_id": "T3", "name": "Reno", "rep_id": "bob", "is_overlay": False},
        {"territory_id": "O1", "name": "East capital", "region": "East", "is_overlay": True},
    ],
    "reps": [
        {"rep_id": "ann", "name": "Ann", "manager_id": "max", "territory_id": "T1"},
        {"rep_id": "bob", "name": "Bob", "manager_id": "max", "territory_id": "T3"},
        {"rep_id": "cy", "name": "Cy", "territory_id": "O1"},
    ],
    "providers": [
        {"npi": "1", "territory_id": "T1", "specialty": "Orthopedic Surgery"},
        {"npi": "2", "territory_id": "T1", "specialty": "Orthopedic Surgery"},
        {"npi": "3", "territory_id": "T2", "specialty": "Pain Medicine"},
    ],
    "provider_adoption": [
        {"npi": "1", "procedure_family": "knee", "territory_id": "T1", "annual_volume": 80, "is_customer": True},
        {"npi": "1", "procedure_family": "hip", "territory_id": "T1", "annual_volume": 10, "is_customer": False},
        {"npi": "2", "procedure_family": "hip", "territory_id": "T1", "annual_volume": 10, "is_customer": False},
        {"npi": "3", "procedure_family": "knee", "territory_id": "T2", "annual_volume": 5, "is_customer": False},
        {"npi": "5", "procedure_family": "knee", "territory_id": None, "annual_volume": 2, "is_customer": True},
    ],
    "calls": [
        {"call_id": "a", "rep_id": "ann", "territory_id": "T1", "npi": "1", "called_on": "2025-05-02", "is_planned": True, "is_kept": True, "is_due": True, "kind": "call"},
        {"call_id": "b", "rep_id": "ann", "territory_id": "T1", "npi": "1", "called_on": "2025-05-20", "is_planned": False, "is_kept": True, "is_due": True, "kind": "trial"},
        {"call_id": "c", "rep_id": "ann", "territory_id": "T1", "npi": "2", "called_on": "2025-06-03", "is_planned": True, "is_kept": False, "is_due": True, "kind": "call"},
        {"call_id": "d", "rep_id": "cy", "territory_id": "O1", "npi": "1", "called_on": "2025-06-04", "is_planned": True, "is_kept": True, "is_due": True, "kind": "demo"},
        {"call_id": "e", "rep_id": "bob", "territory_id": "T2", "npi": None, "called_on": "2025-06-05", "is_planned": False, "is_kept": True, "is_due": True, "kind": "remote"},
        {"call_id": "f", "rep_id": "bob", "territory_id": "T2", "npi": "3", "called_on": "2025-06-06", "is_planned": True, "is_kept": True, "is_due": True, "kind": "call"},
        {"call_id": "g", "rep_id": "bob", "territory_id": "T2", "npi": "3", "called_on": "2025-07-09", "is_planned": True, "is_kept": False, "is_due": False, "kind": "call"},
        {"call_id": "h", "rep_id": "gone", "territory_id": None, "npi": "3", "called_on": "2025-05-30", "is_planned": False, "is_kept": True, "is_due": True, "kind": "call"},
    ],
    "orders": [
        {"order_id": "a", "procedure_family": "knee", "rep_id": "ann", "territory_id": "T1", "npi": "1", "ordered_on": "2025-05-09", "quantity": 3, "amount_usd": 300.25},
        {"order_id": "a", "procedure_family": "hip", "rep_id": "ann", "territory_id": "T1", "npi": "1", "ordered_on": "2025-05-09", "quantity": 1, "amount_usd": 90},
        {"order_id": "b", "procedure_family": "knee", "rep_id": "cy", "territory_id": "O1", "npi": "4", "ordered_on": "2025-06-09", "quantity": 5, "amount_usd": 500},
    ],
    "opportunities": [
        {"opportunity_id": "a", "rep_id": "ann", "territory_id": "T1", "procedure_family": "knee", "close_on": "2025-05-01", "is_closed": True, "is_won": True, "amount_usd": 700},
        {"opportunity_id": "b", "rep_id": "ann", "territory_id": "T1", "procedure_family": "hip", "close_on": "2025-05-11", "is_closed": True, "is_won": False, "amount_usd": 50},
        {"opportunity_id": "c", "rep_id": "ann", "territory_id": "T1", "procedure_family": "hip", "close_on": "2025-08-11", "is_closed": False, "is_won": False, "amount_usd": 60},
        {"opportunity_id": "d", "rep_id": "bob", "territory_id": "T2", "procedure_family": "knee", "close_on": "2025-06-01", "is_closed": True, "is_won": True, "amount_usd": 20},
        {"opportunity_id": "e", "rep_id": "bob", "territory_id": "T2", "procedure_family": "knee", "close_on": "2025-06-02", "is_closed": True, "is_won": True, "amount_usd": 30},
    ],
    "territory_family_periods": [
        {"territory_id": "T1", "procedure_family": "knee", "month": "2025-05-01", "is_focus": True, "quantity": 3, "market_volume": 60},
        {"territory_id": "T1", "procedure_family": "hip", "month": "2025-05-01", "is_focus": True, "quantity": 1, "market_volume": 4},
        {"territory_id": "T1", "procedure_family": "arm", "month": "2025-05-01", "is_focus": False, "quantity": 0, "market_volume": 1000},
        {"territory_id": "T2", "procedure_family": "knee", "month": "2025-05-01", "is_focus": True, "quantity": 0, "market_volume": 20},
        {"territory_id": "T3", "procedure_family": "knee", "month": "2025-05-01", "is_focus": True, "quantity": 2, "market_volume": 0},
        {"territory_id": "O1", "procedure_family": "knee", "month": "2025-06-01", "is_focus": True, "quantity": 5, "market_volume": None},
        {"territory_id": "T1", "procedure_family": "knee", "month": "2025-06-01", "is_focus": True, "quantity": 9, "market_volume": None},
    ],
    "territory_periods": [
        {"territory_id": "T1", "month": "2025-05-01", "orders_usd": 390.25, "rep_cost_usd": 1000, "new_customers": 1},
        {"territory_id": "T1", "month": "2025-06-01", "orders_usd": 0, "rep_cost_usd": 1000, "new_customers": 0},
        {"territory_id": "T2", "month": "2025-06-01", "orders_usd": 0, "rep_cost_usd": 0, "new_customers": 0},
    ],
    "provider_procedures": [
        {"npi": "1", "procedure_family": "knee", "period_start": "2024-01-01", "period_grain": "year", "services": 80},
        {"npi": "1", "procedure_family": "knee", "period_start": "2025-02-01", "period_grain": "month", "services": 7},
        {"npi": "3", "procedure_family": "hip", "period_start": "2025-03-01", "period_grain": "month", "services": 2},
    ],
    "forecast_accuracy": [
        {"rep_id": "ann", "quarter_start": "2025-02-01", "committed_usd": 1200, "actual_usd": 1000, "error_pct": 0.2},
        {"rep_id": "bob", "quarter_start": "2025-02-01", "committed_usd": 10, "actual_usd": 100, "error_pct": -0.9},
    ],
}  # fmt: skip

# What an analyst asks, and the same by hand. Groups that a mart leaves empty are a group of their own in both.
QUESTIONS = [
    (
        "calls,reach,frequency",
        "territory__region",
        """select t.region, count_if(c.is_kept), count(distinct c.npi) filter (where c.is_kept),
            count_if(c.is_kept and c.npi is not null) / nullif(count(distinct c.npi) filter (where c.is_kept), 0)
            from calls as c left join territories as t using (territory_id) group by all""",
    ),
    (
        "calls,trials,plan_adherence,unplanned_share",
        "rep",
        """select rep_id, count_if(is_kept), count_if(is_kept and kind = 'trial'),
            count_if(is_planned and is_kept) / nullif(count_if(is_planned and is_due), 0),
            count_if(not is_planned and is_kept) / nullif(count_if(is_kept), 0) from calls group by all""",
    ),
    (
        "reach",
        "metric_time__month,territory",
        "select date_trunc('month', called_on), territory_id, count(distinct npi) filter (where is_kept) from calls group by all",
    ),
    (
        "calls",
        "rep__manager",
        "select r.manager_id, count_if(c.is_kept) from calls as c left join reps as r using (rep_id) group by all",
    ),
    (
        "volume,share",
        "family,metric_time__month",
        """select procedure_family, month, sum(market_volume), sum(quantity) filter (where market_volume is not null) / nullif(sum(market_volume), 0)
            from territory_family_periods where is_focus group by all""",
    ),
    (
        "volume,share",
        "territory__region",
        """select t.region, sum(p.market_volume), sum(p.quantity) filter (where p.market_volume is not null) / nullif(sum(p.market_volume), 0)
            from territory_family_periods as p join territories as t using (territory_id) where p.is_focus group by all""",
    ),
    (
        "orders_usd,order_quantity",
        "family,territory",
        "select procedure_family, territory_id, sum(amount_usd), sum(quantity) from orders group by all",
    ),
    (
        "active_providers,customers,adoption_rate",
        "territory__region",
        """select t.region, count(distinct npi), count(distinct npi) filter (is_customer),
            count(distinct npi) filter (is_customer) / count(distinct npi)
            from provider_adoption left join territories as t using (territory_id) group by all""",
    ),
    (
        "active_providers,customers,adoption_rate",
        "family",
        """select procedure_family, count(*), count(*) filter (is_customer), count(*) filter (is_customer) / count(*)
            from provider_adoption group by all""",
    ),
    (
        "volume,share",
        "territory__served_by",
        """select t.rep_id, sum(p.market_volume), sum(p.quantity) filter (where p.market_volume is not null) / nullif(sum(p.market_volume), 0)
            from territory_family_periods as p join territories as t using (territory_id) where p.is_focus group by all""",
    ),
    (
        "closed_deals,win_rate,won_usd",
        "family,metric_time__month",
        """select procedure_family, date_trunc('month', close_on), count_if(is_closed), count_if(is_won) / nullif(count_if(is_closed), 0),
            sum(amount_usd * is_won::int) from opportunities group by all""",
    ),
    (
        "roi,new_customers",
        "territory",
        "select territory_id, sum(orders_usd) / nullif(sum(rep_cost_usd), 0), sum(new_customers) from territory_periods group by all",
    ),
    (
        "services",
        "metric_time__year,provider__specialty",
        """select date_trunc('year', s.period_start), p.specialty, sum(s.services)
            from provider_procedures as s left join providers as p using (npi) group by all""",
    ),
    (
        "forecast_error",
        "rep__territory__region",
        """select t.region, (sum(f.committed_usd) - sum(f.actual_usd)) / nullif(sum(f.actual_usd), 0)
            from forecast_accuracy as f left join reps as r using (rep_id) left join territories as t using (territory_id) group by all""",
    ),
]


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A release that holds every mart under its contract, and the little company's rows."""
    release = tmp_path_factory.mktemp("home") / "published" / "current"
    release.mkdir(parents=True)
    with duckdb.connect(str(release / "fieldscope.duckdb")) as connection:
        for mart in marts_of(warehouse.manifest()):
            columns = ", ".join(f'"{name}" {kind}' for name, kind in mart.columns.items())
            connection.execute(f'create table "{mart.name}" ({columns})')
        for mart, rows in ROWS.items():
            if "as_of" in connection.table(mart).columns:
                rows = [{"as_of": "2025-06-30", **row} for row in rows]
            names = ", ".join(dict.fromkeys(name for row in rows for name in row))
            connection.execute(
                f"insert into {mart} by name select {names} from read_json_auto(?)", [_written(release, mart, rows)]
            )
    return release


def _written(folder: Path, mart: str, rows: list[dict]) -> str:
    path = folder / f"{mart}.json"
    path.write_text(json.dumps(rows))
    return str(path)


@pytest.fixture(scope="module")
def engine(published):
    return metrics.engine(published)


def asked(engine, names: str, by: str = "", where: list[str] | None = None) -> list[tuple]:
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    request = MetricFlowQueryRequest.create(
        metric_names=names.split(","), group_by_names=by.split(",") if by else (), where_constraints=where
    )
    table = engine.query(request).result_df
    places = [table.column_names.index(name) for name in [*(by.split(",") if by else []), *names.split(",")]]
    return [tuple(row[place] for place in places) for row in table.rows]


def by_hand(published: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(published / "fieldscope.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def comparable(rows: list[tuple]) -> list[str]:
    """Rows in one order; a day and its midnight, 2 and 2.0 are the same, and nothing else is."""
    return sorted(
        str([str(cell)[:10] if hasattr(cell, "year") else cell if cell is None or isinstance(cell, str) else float(cell) for cell in row])
        for row in rows
    )  # fmt: skip


@pytest.mark.parametrize(("names", "by", "sql"), QUESTIONS, ids=[f"{names} by {by}" for names, by, _ in QUESTIONS])
def test_a_metric_is_what_sql_by_hand_gives(engine, published, names, by, sql):
    expected = by_hand(published, sql)
    assert len(expected) > 1
    assert comparable(asked(engine, names, by)) == comparable(expected)


def test_a_ratio_of_the_whole_is_no_average_of_ratios(engine):
    assert asked(engine, "forecast_error") == [(pytest.approx((1210 - 1100) / 1100),)]
    assert asked(engine, "adoption_rate") == [(pytest.approx(2 / 4),)]
    assert asked(engine, "share") == [(pytest.approx((3 + 1 + 0 + 2) / (60 + 4 + 20 + 0)),)]


@pytest.mark.parametrize("name", ["calls", "orders_usd", "volume", "active_providers", "closed_deals", "new_customers"])
def test_territories_sum_to_the_whole_and_overlays_count_nothing_twice(engine, name):
    whole = asked(engine, name)[0][0]
    assert whole == sum(value or 0 for _, value in asked(engine, name, "territory"))
    across = asked(engine, name, "territory", ["{{ Dimension('territory__is_overlay') }}"])
    assert across == {"calls": [("O1", 1)], "orders_usd": [("O1", 500)], "volume": [("O1", None)]}.get(name, [])


def test_an_analyst_asks_on_the_command_line_and_gets_a_file(published, tmp_path, monkeypatch):
    monkeypatch.setenv("FIELDSCOPE_HOME", str(published.parent.parent))
    target = tmp_path / "calls.csv"
    options = [
        "--metrics",
        "calls",
        "--group-by",
        "territory__territory_name",
        "--order",
        "-calls",
        "--csv",
        str(target),
    ]
    result = CliRunner().invoke(app, ["metrics", "query", *options])
    assert result.exit_code == 0, result.output
    rows = list(csv.reader(target.open()))
    assert rows[0] == ["territory__territory_name", "calls"]
    assert sorted(rows[1:]) == [["", "1"], ["Albany", "2"], ["Boston", "2"], ["East capital", "1"]]
    shown = CliRunner().invoke(app, ["metrics", "query", "--metrics", "calls", "--explain"]).output
    assert "FROM fieldscope.main.calls" in shown


def test_a_question_that_cannot_be_answered_gets_a_reason_and_not_a_traceback(published, monkeypatch):
    monkeypatch.setenv("FIELDSCOPE_HOME", str(published.parent.parent))
    result = CliRunner().invoke(app, ["metrics", "query", "--metrics", "callz"])
    assert result.exit_code == 1
    assert "does not exactly match any known metrics" in result.output
    assert "Suggestions" in result.output
    assert "setup()" not in f"{result.output}{result.exception!r}"
    assert "Traceback" not in result.output


def test_a_home_that_published_nothing_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("FIELDSCOPE_HOME", str(tmp_path))
    result = CliRunner().invoke(app, ["metrics", "list", "metrics"])
    assert result.exit_code == 1
    assert "fieldscope run" in result.output


def test_days_of_the_semantic_layer_are_no_mart():
    spine = warehouse.manifest()["nodes"]["model.fieldscope.int_calendar_days"]
    assert spine["time_spine"]["standard_granularity_column"] == "calendar_on"
    assert spine["config"]["materialized"] == "view"
    assert spine["name"] not in {mart.name for mart in marts_of(warehouse.manifest())}

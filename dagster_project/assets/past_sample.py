"""The frames of adoption, cut to what one machine holds: all rows of today, and of the past the days from which is learnt.

Whoever has ordered is kept with every row; above the limit, of the others a random part of the providers is, each with the weight of those whom it
stands for. The part is drawn by the NPI, so that a night done again draws the same. Not here: what is learnt from them.
"""

from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from dagster_project.parquet import named, quoted, read_frame
from dagster_project.settings import Settings

MOST_PAST_ROWS = 400_000


def adoption_frames(settings: Settings, as_of: date, horizon_days: int) -> list[pd.DataFrame]:
    """Provider months, adoptions and diagnoses."""
    from models_ml.targeting import first_orders_by, teaching_days

    folder = settings.paths.features
    months, orders, diagnoses = (
        folder / f"features_{name}.parquet" for name in ("provider_months", "adoptions", "provider_diagnoses")
    )
    adoptions = read_frame(orders)
    with duckdb.connect(config=settings.duckdb_config()) as connection:
        listed = connection.execute(f"select distinct snapshot_on from read_parquet({quoted(months)})").df()
        first_orders = first_orders_by(adoptions, as_of)
        days = teaching_days(pd.to_datetime(listed["snapshot_on"]), first_orders, as_of, horizon_days)
        _choose_days(connection, days)
        _choose_providers(connection, months, first_orders)
        provider_months = connection.execute(_months_of_chosen(connection, months)).df()
        shares = connection.execute(_of_chosen(diagnoses, as_of)).df()
    return [provider_months, adoptions, shares]


def _choose_days(connection: duckdb.DuckDBPyConnection, days: list[pd.Timestamp]) -> None:
    listed = ", ".join(f"(date '{day:%Y-%m-%d}')" for day in days) or "(cast(null as date))"
    connection.execute(f"create table days as select * from (values {listed}) as listed (snapshot_on)")


def _choose_providers(connection: duckdb.DuckDBPyConnection, months: Path, first_orders: pd.Series) -> None:
    """Each provider of the past with its weight; the rows are counted before any is read."""
    connection.register("ordered", pd.DataFrame({"npi": first_orders.index.astype(str)}))
    rows = connection.execute(
        f"select count(*) from read_parquet({quoted(months)}) semi join days using (snapshot_on)"
    ).fetchall()[0][0]
    chance = min(1.0, MOST_PAST_ROWS / max(rows, 1))
    connection.execute(f"""
        create table chosen as
        select npi, case when has_ordered then 1.0 else {1 / chance} end as weight
        from (
            select distinct npi, npi in (select npi from ordered) as has_ordered
            from read_parquet({quoted(months)}) semi join days using (snapshot_on)
        )
        where has_ordered or (md5_number_lower('adoption ' || npi) % 1000000) < {round(1e6 * chance)}
    """)


def _months_of_chosen(connection: duckdb.DuckDBPyConnection, months: Path) -> str:
    from models_ml.targeting import FEATURES

    held = {row[0] for row in connection.execute(f"describe from read_parquet({quoted(months)})").fetchall()}
    columns = ", ".join(named(column) for column in FEATURES if column in held)
    file = f"read_parquet({quoted(months)})"
    return f"""
        select {columns}, 1.0 as weight from {file} where is_current
        union all
        select {columns}, weight from {file} semi join days using (snapshot_on) inner join chosen using (npi)
        where not is_current
        order by snapshot_on, npi, procedure_family
    """


def _of_chosen(diagnoses: Path, as_of: date) -> str:
    file = f"read_parquet({quoted(diagnoses)})"
    return f"""
        select * from {file}
        where snapshot_on = date {quoted(as_of)}
            or (snapshot_on in (select snapshot_on from days) and npi in (select npi from chosen))
        order by snapshot_on, npi, diagnosis_family
    """

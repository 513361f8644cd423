"""An attacker who holds every file that the field sees, and wants to know who of the opted-out operates much.

Three ways: what is said of the provider in any mart, by presence, count and figure; what a sum of territory or facility holds beyond the
others; and holes in ranks. What the company's own work and public payments tell is apart: these are known without a claim.
Not here: what is promised (`test_opted_out`).
"""

from collections.abc import Sequence

import duckdb
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dagster_project.parquet import named
from dagster_project.publish.opted_out import MARTS, Shown
from models_ml.evaluation import auc

NUMBERS = ("BIGINT", "DOUBLE", "INTEGER", "BOOLEAN", "DATE")
# What everybody can look up or the company does itself: the registry, Open Payments, its own calls and orders.
_KNOWN_ANYHOW = """
    first_name last_name credential specialty taxonomy_code city state zip5 latitude longitude enumerated_on
    competitor_payments_usd own_payments_usd other_payments_usd research_usd top_paying_manufacturer competitor_lock_in
    last_called_on calls_12m contact_id crm_link_method crm_link_probability is_customer first_order_on as_of
    career_stage career_basis years_in_practice calendar_year from_facility_name to_facility_name
"""
KNOWN_ANYHOW = set(_KNOWN_ANYHOW.split())


def evidence(connection: duckdb.DuckDBPyConnection, npis: Sequence[str]) -> pd.DataFrame:
    """One row a provider, one column a fact that could tell."""
    connection.execute("create or replace temp table suspects as select unnest(?) as npi", [list(npis)])
    frames = [
        _of_the_provider(connection, name, shown)
        for name, shown in MARTS.items()
        if shown.audience == "field" and shown.way in ("absent", "emptied") and shown.key
    ]
    frames += [_left_over(connection), _of_the_places(connection)]
    facts = pd.concat([frame.set_index("npi") for frame in frames], axis=1).reindex(npis)
    return facts.loc[:, facts.nunique() > 1] if len(facts) else facts


def success(facts: pd.DataFrame, is_high: np.ndarray, seed: int = 0) -> float:
    """The better AUC of two attackers who learn from some opted-out physicians whose volume they know, and guess the others'."""
    if facts.shape[1] == 0:
        return 0.5
    known = facts.astype(float)
    table = np.column_stack([known.fillna(0), known.isna().loc[:, known.isna().any()]])
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    attackers = (
        RandomForestClassifier(100, min_samples_leaf=3, random_state=seed),
        make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500)),
    )
    guesses = (cross_val_predict(a, table, is_high, cv=folds, method="predict_proba")[:, 1] for a in attackers)
    return max(auc(is_high, guess) for guess in guesses)


def _columns(connection: duckdb.DuckDBPyConnection, mart: str) -> dict[str, str]:
    return dict(connection.execute(f"select column_name, column_type from (describe {named(mart)})").fetchall())


def _of_the_provider(connection: duckdb.DuckDBPyConnection, mart: str, shown: Shown) -> pd.DataFrame:
    """Rows, sums and largest values of the mart's numbers, and how many texts differ."""
    facts = ["count(of_mart.subject) as rows"]
    for column, kind in _columns(connection, mart).items():
        if column in KNOWN_ANYHOW:
            continue
        value = f"of_mart.{named(column)}"
        if kind == "DATE":
            value = f"date_diff('day', date '2000-01-01', {value})"
        if kind in NUMBERS:
            number = f"try_cast({value} as double)"
            facts += [f"sum({number}) as {named(column + ' sum')}", f"max({number}) as {named(column + ' max')}"]
        elif column not in ("npi", "subject_id"):
            facts += [
                f"count(distinct {value}) as {named(column + ' values')}",
                f"max(hash({value}) % 97) as {named(column + ' which')}",
            ]
    frame = connection.execute(f"""
        select suspects.npi, {", ".join(facts)} from suspects
        left join (select *, {shown.key} as subject from {named(mart)}) as of_mart on suspects.npi = of_mart.subject
        group by suspects.npi
    """).df()
    return frame.rename(columns={name: f"{mart}: {name}" for name in frame.columns if name != "npi"})


def _left_over(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What sums hold beyond those who are shown, shared among the suspects of the place; and holes in ranks."""
    return connection.execute("""
        with territory as (
            select t.territory_id, any_value(t.annual_volume) - coalesce(sum(p.annual_volume) filter (p.is_active), 0) as volume
            from territories as t left join providers as p on t.territory_id = p.territory_id group by t.territory_id
        ),
        months as (
            select m.territory_id, sum(m.market_volume) as volume from territory_family_periods as m group by m.territory_id
        ),
        shown_months as (
            select p.territory_id, sum(s.services) as volume
            from provider_procedures as s inner join providers as p on s.npi = p.npi
            where s.period_grain = 'month' group by p.territory_id
        ),
        ranks as (
            select territory_id, max(rank_in_territory) - count(*) as holes from target_scores group by territory_id
        ),
        facility as (
            select f.facility_id, any_value(f.annual_volume) - coalesce(sum(p.annual_volume), 0) as volume
            from facilities as f left join providers as p on f.facility_id = p.primary_facility_id group by f.facility_id
        )
        select
            s.npi,
            territory.volume / count(*) over (partition by p.territory_id) as "territory: left over",
            (months.volume - shown_months.volume) / count(*) over (partition by p.territory_id) as "months: left over",
            ranks.holes as "ranks: holes",
            facility.volume / count(*) over (partition by p.primary_facility_id) as "facility: left over"
        from suspects as s
        inner join providers as p on s.npi = p.npi
        left join territory on p.territory_id = territory.territory_id
        left join months on p.territory_id = months.territory_id
        left join shown_months on p.territory_id = shown_months.territory_id
        left join ranks on p.territory_id = ranks.territory_id
        left join facility on p.primary_facility_id = facility.facility_id
    """).df()


def _of_the_places(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Counts and volume of the provider's territory and primary facility."""
    return connection.execute("""
        select s.npi, f.annual_volume as "facility: volume", f.providers as "facility: providers",
            f.providers_with_claims as "facility: with claims", f.volume_basis = 'primary_providers' as "facility: basis",
            t.opportunity_index as "territory: index", t.annual_volume as "territory: volume"
        from suspects as s
        inner join providers as p on s.npi = p.npi
        left join facilities as f on p.primary_facility_id = f.facility_id
        left join territories as t on p.territory_id = t.territory_id
    """).df()

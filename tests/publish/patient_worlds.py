"""Many tiny worlds of claim lines through the warehouse's own SQL, one provider a world, one publication a night.

Belongs here: the models that decide on counts of patients, compiled once by dbt, run on plain tables. Not here: any attack.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from tests.end_to_end.built_by_day import NO_DAY, compile_project

MODELS = (
    "int_family_codes", "int_families_numbered", "int_diagnoses_matched", "int_claim_lines_known", "int_claim_days_delivered",
    "int_claim_days_known", "int_claim_lines_dated",
    "int_periods_closed", "int_claim_patients",
    "int_patients_of_months", "int_patients_of_years", "int_patients_counted", "int_families_disjoint", "int_patients_publishable",
)  # fmt: skip
RUN_OUT_DAYS = 60
CELL = ["npi", "family_kind", "family", "period_start", "period_grain"]


def compiled_models(home: Path) -> dict[str, str]:
    """The SQL of each model as dbt sends it, made for no day."""
    sql = {model["name"]: model["compiled_code"] for model in compile_project(home, "--select", *MODELS).models}
    return {name: sql[name] for name in MODELS}


class Warehouse:
    """The models over tables of a test's own; `switched_off` names rules of the last model by a piece of SQL and what replaces it."""

    def __init__(
        self, models: dict[str, str], families: Iterable[tuple], minimum: int, switched_off: dict | None = None
    ):
        *self._models, (_, decision) = models.items()
        self._decisions = {"patients": decision}
        for rule, (piece, other) in (switched_off or {}).items():
            assert piece in decision, f"no {piece!r} decides"
            self._decisions[rule] = decision.replace(piece, other)
        self._connection = duckdb.connect()
        self._connection.execute(f"""
            attach ':memory:' as warehouse;
            create schema warehouse.staging;
            create schema warehouse.intermediate;
            create table warehouse.staging.stg_company__settings as
                select {minimum} as cell_suppression_minimum, {RUN_OUT_DAYS} as patient_run_out_days, 30 as lag_days_claim_lines;
            create table warehouse.staging.stg_company__procedure_families
                (procedure_family text, code_system text, code text, is_focus boolean);
            create table warehouse.staging.stg_history__patient_counts (npi text, family_kind text, family text,
                period_grain text, claims_source text, period_start date, patients bigint);
        """)
        self._connection.executemany(
            "insert into warehouse.staging.stg_company__procedure_families values (?, ?, ?, ?)", list(families)
        )

    def __enter__(self) -> "Warehouse":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def publish(self, lines: pd.DataFrame, nights: Iterable[date]) -> pd.DataFrame:
        """What each night shows (`patients`), and would show without a rule; with the true count (`counted`). One row a night and cell."""
        self._connection.register("lines", lines)
        self._connection.execute("""
            create or replace table warehouse.staging.stg_claims__medical_claim as
                select 's' as data_source, claim_id, 1 as claim_line_number, 'professional' as claim_type, npi as rendering_npi,
                    cast(null as text) as facility_npi, person_key, hcpcs_code, cast(null as text) as hcpcs_modifier_1,
                    cast(null as text) as ms_drg_code, diagnosis_code as diagnosis_codes, 1 as quantity, is_void as is_reversal,
                    cast(service_on as date) as service_on, cast(filed_on as date) as filed_on, 'f' as file_path,
                    row_number() over (order by filed_on, claim_id) as file_row
                from lines;
            create or replace table warehouse.intermediate.int_providers_in_registers as select distinct npi from lines;
        """)
        return pd.concat([self._night(night) for night in nights], ignore_index=True)

    def _night(self, night: date) -> pd.DataFrame:
        for name, sql in self._models:
            dated = sql.replace(NO_DAY, night.isoformat())
            self._connection.execute(f"create or replace table warehouse.intermediate.{name} as {dated}")
        frame = self._connection.execute(f"""
            select {", ".join(CELL)}, patients as counted
            from warehouse.intermediate.int_patients_counted
            inner join warehouse.intermediate.int_families_numbered using (family_number)
            where patients > 0 order by all
        """).df()
        for decided, sql in self._decisions.items():
            dated = sql.replace(NO_DAY, night.isoformat())
            shown = self._connection.execute(f"select {', '.join(CELL)}, patients from ({dated}) order by all").df()
            assert shown[CELL].equals(frame[CELL])
            frame[decided] = shown.patients.astype(float)
        return frame.assign(night=pd.Timestamp(night))


def lines_of(
    npi: np.ndarray, person: np.ndarray, service_on: np.ndarray, filed_on: np.ndarray, **columns
) -> pd.DataFrame:
    """Claim lines, each a claim of its own: of the knee (27447, M17.1) and not void unless `columns` says otherwise."""
    numbers = np.arange(len(npi)).astype(str)
    frame = pd.DataFrame(
        {"claim_id": numbers, "npi": npi, "person_key": person, "service_on": service_on, "filed_on": filed_on}
    )
    return frame.assign(**{"hcpcs_code": "27447", "diagnosis_code": "M171", "is_void": False, **columns})

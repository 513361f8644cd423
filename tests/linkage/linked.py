"""One simulated world through border and dbt, and what became of it.

Belongs here: how a world is linked and how that is measured. Not here: what must come out (the tests), nor what goes wrong in a CRM
(`world`).
"""

import csv
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from dagster_project import warehouse
from dagster_project.ingest.border import ingest
from dagster_project.ingest.contents import SOURCES
from dagster_project.parquet import quoted
from dagster_project.settings import Settings
from tests.dbt.test_unit_tests import write_empty_lake
from tests.linkage import world as simulated

COMPANY = {
    "company.yml": "name: Maker\nown_manufacturers: [Maker]\ncurrency: USD\ntimezone: America/New_York\nfiscal_year_start_month: 1\n",
    "procedure_families.csv": "procedure_family,code_system,code,is_focus,revenue_per_procedure_usd\nknee,HCPCS,27447,true,100\n",
    "pipeline_stages.csv": "stage,stage_order,crm_stage_name,is_closed,is_won,stated_probability\nOpen,1,Open,false,false,0.5\n",
    "territory_alignment.csv": "zip5,territory_id,kind\n01103,T1,primary\n",
}
SIMULATED = ("registry", "salesforce", "veeva", "reference")
MODELS = ("+int_contacts_linked", "+int_contacts_duplicated", "+int_accounts_duplicated", "+int_link_checks")


@dataclass(frozen=True)
class Linked:
    """What the linkage made of one world: contact id -> its row, by the first 15 characters of the Id."""

    world: simulated.World
    warehouse: Path
    links: dict[str, dict]
    decided: frozenset[str] = field(default=frozenset())

    @property
    def automatic(self) -> dict[str, str]:
        """Whom Fieldscope linked by itself, without a steward."""
        return {c: row["npi"] for c, row in self.links.items() if row["npi"] is not None and c not in self.decided}

    @property
    def precision(self) -> float:
        right = sum(self.world.truth[contact] == npi for contact, npi in self.automatic.items())
        return right / len(self.automatic)

    @property
    def recall(self) -> float:
        people = {c: npi for c, npi in self.world.truth.items() if npi is not None and c not in self.decided}
        return sum(self.automatic.get(contact) == npi for contact, npi in people.items()) / len(people)

    def ask(self, sql: str) -> list[dict]:
        return ask(self.warehouse, sql)


def write_decisions(landing: Path, decisions: list[dict]) -> None:
    path = landing / "company" / "link_decisions.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, ("contact_id", "npi", "decision", "decided_on"), restval="")
        writer.writeheader()
        writer.writerows(decisions)


def build(
    home: Path, models: tuple[str, ...], sources: tuple[str, ...] = SIMULATED, as_of: date = simulated.AS_OF
) -> Path:
    """The warehouse that border and dbt make of these sources of a landing zone."""
    settings = Settings(home=home)
    settings.paths.prepare()
    write_empty_lake(settings.paths)
    for name, text in COMPANY.items():
        path = home / "landing" / "company" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for source in SOURCES:
        if source.name in ("company", *sources):
            ingest(source, home / "landing", settings.paths.lake, b"key", settings.duckdb_config(), as_of)
    variables = ["--vars", json.dumps({"as_of": as_of.isoformat()})]
    built = warehouse.invoke(settings, ["run", "--select", *models, *variables])
    assert built.success, built.exception or [f"{r.node.name}: {r.message}" for r in built.result if r.message]
    return settings.paths.warehouse


def ask(path: Path, sql: str) -> list[dict]:
    """Rows of a warehouse; its views read the lake beside it."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute(f"set file_search_path = {quoted(path.parents[1] / 'lake')}")
        found = con.execute(sql)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def link(home: Path, truth: simulated.World, decided: frozenset[str] = frozenset()) -> Linked:
    """Border and dbt over a landing zone that holds register and CRM."""
    found = Linked(truth, build(home, MODELS), {}, decided)
    # The border publishes 18 characters of a Salesforce Id; the first 15 are the record.
    rows = found.ask("select * from intermediate.int_contacts_linked")
    found.links.update({row["contact_id"][:15]: row for row in rows})
    return found

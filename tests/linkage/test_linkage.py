"""Who is who, on registers and CRMs of which the truth is known: what is linked by itself is right, and little is missed."""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.ingest.border import ingest
from dagster_project.ingest.contents import SOURCES
from dagster_project.settings import Settings
from tests.dbt.test_unit_tests import write_empty_lake
from tests.linkage import world as simulated

LEVELS = {"light": simulated.LIGHT, "medium": simulated.MEDIUM, "heavy": simulated.HEAVY}
# Where three in four contacts hold no NPI, one in seven moved and one in ten has no address, names alone cannot tell everybody.
LEAST_RECALL = {"light": 0.98, "medium": 0.95, "heavy": 0.85}
COMPANY = {
    "company.yml": "name: Maker\nown_manufacturers: [Maker]\ncurrency: USD\ntimezone: America/New_York\nfiscal_year_start_month: 1\n",
    "procedure_families.csv": "procedure_family,code_system,code,is_focus,revenue_per_procedure_usd\nknee,HCPCS,27447,true,100\n",
    "pipeline_stages.csv": "stage,stage_order,crm_stage_name,is_closed,is_won,stated_probability\nOpen,1,Open,false,false,0.5\n",
    "territory_alignment.csv": "zip5,territory_id,kind\n01103,T1,primary\n",
}


@dataclass(frozen=True)
class Linked:
    """What the linkage made of one world: contact id -> (method, NPI, candidate NPI)."""

    world: simulated.World
    links: dict[str, tuple[str, str | None, str | None]]
    duplicates: dict[str, str]

    @property
    def automatic(self) -> dict[str, str]:
        return {contact: npi for contact, (_, npi, _) in self.links.items() if npi is not None}

    @property
    def precision(self) -> float:
        right = sum(self.world.truth[contact] == npi for contact, npi in self.automatic.items())
        return right / len(self.automatic)

    @property
    def recall(self) -> float:
        people = {contact: npi for contact, npi in self.world.truth.items() if npi is not None}
        return sum(self.automatic.get(contact) == npi for contact, npi in people.items()) / len(people)


def link(home: Path, dirt: simulated.Dirt, seed: int) -> Linked:
    """One world through border and dbt."""
    settings = Settings(home=home)
    settings.paths.prepare()
    write_empty_lake(settings.paths)
    truth = simulated.write(home / "landing", dirt, seed)
    for name, text in COMPANY.items():
        path = home / "landing" / "company" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for source in SOURCES:
        if source.name in ("company", "registry", "salesforce", "reference"):
            ingest(source, home / "landing", settings.paths.lake, b"key", settings.duckdb_config(), simulated.AS_OF)
    variables = ["--vars", json.dumps({"as_of": simulated.AS_OF.isoformat()})]
    built = warehouse.invoke(
        settings, ["run", "--select", "+int_contacts_linked", "+int_contacts_duplicated", *variables]
    )
    assert built.success, built.exception or [f"{r.node.name}: {r.message}" for r in built.result if r.message]
    with duckdb.connect(str(settings.paths.warehouse), read_only=True) as con:
        rows = con.execute(
            "select contact_id, link_method, npi, candidate_npi from intermediate.int_contacts_linked"
        ).fetchall()
        pairs = con.execute("select contact_id, original_id from intermediate.int_contacts_duplicated").fetchall()
    # The border publishes 18 characters of a Salesforce Id; the first 15 are the record.
    links = {row[0][:15]: row[1:] for row in rows}
    return Linked(truth, links, {copy[:15]: original[:15] for copy, original in pairs})


@pytest.fixture(scope="module", params=["medium", "heavy"])
def linked(request, tmp_path_factory) -> tuple[str, Linked]:
    return request.param, link(tmp_path_factory.mktemp(request.param), LEVELS[request.param], seed=3)


def test_what_is_linked_by_itself_is_right_and_little_is_missed(linked):
    level, found = linked
    assert found.precision >= 0.99
    assert found.recall >= LEAST_RECALL[level]


def test_copies_of_a_contact_are_found(linked):
    _, found = linked
    together = {*found.duplicates, *found.duplicates.values()}
    met = [copy for copy, original in found.world.copies.items() if copy in together or original in together]
    assert len(met) >= 0.6 * len(found.world.copies)

"""A home whose nights are told in a few rows: its targets, its CRM records, what each night publishes. Not here: any expectation."""

import csv
from datetime import date
from pathlib import Path

import duckdb

from dagster_project.publish import crm_writeback, release
from dagster_project.settings import Home

NPIS = [f"10000000{n:02d}" for n in range(20)]
TARGETS = (
    "npi varchar, territory_id varchar, rep_id varchar, tier varchar, rank bigint, calls_per_quarter bigint, change varchar,"
    " change_reason varchar, why varchar, assignment varchar, is_compliant boolean"
)
PROVIDERS = (
    "npi varchar, first_name varchar, last_name varchar, credential varchar, specialty varchar, city varchar, state varchar,"
    " zip5 varchar"
)
RECORDS = (
    "contact_id varchar, crm varchar, record_id varchar, is_person_account boolean, npi varchar, link_basis varchar,"
    " stands_for_provider boolean"
)
REP = "005000000000001AAA"
HUBSPOT = "hubspot/contacts.csv"


def target(number: int, **more: object) -> dict[str, object]:
    """The `number`-th target of the territory; `more` says what is otherwise."""
    row = {
        "npi": NPIS[number],
        "territory_id": "T1",
        "rep_id": REP,
        "tier": "A",
        "rank": number,
        "calls_per_quarter": 6,
    }
    return (
        row
        | {
            "change": "kept",
            "change_reason": None,
            "why": f"reason {number}",
            "assignment": "treat",
            "is_compliant": True,
        }
        | more
    )


def record(number: int, crm: str = "salesforce", **more: object) -> dict[str, object]:
    """The record of the `number`-th target in a CRM."""
    own = {"salesforce": f"003{number:012d}AAA", "veeva": f"001{number:012d}AAA", "hubspot": f"{500 + number}"}[crm]
    row = {"contact_id": own, "crm": crm, "record_id": own, "is_person_account": crm == "veeva", "npi": NPIS[number]}
    return row | {"link_basis": "crm_npi", "stands_for_provider": True} | more


class Nights:
    """Publishes nights into a home, without any mart that is for compliance alone, and reads the files that the CRM is to load."""

    def __init__(self, root: Path) -> None:
        self.home, self.landing = Home(root / "home"), root / "landing"
        self.home.prepare()
        self.records = [record(number) for number in range(6)]
        self.plans: list[tuple[str, str]] = []
        self.files = ["crm/salesforce/Contact.csv"]
        self.tries = 0
        self._built: tuple[list, list] | None = None

    def fields(self, text: str) -> None:
        (self.landing / "company").mkdir(parents=True, exist_ok=True)
        (self.landing / "company" / "crm_fields.yml").write_text(text, encoding="utf-8")

    def write(self, day: str, targets: list[dict[str, object]]) -> Path:
        """Build the release of one night up to the audit."""
        self.tries += 1
        folder = release.begin(self.home, f"{day}-{self.tries:03d}")
        if self._built != (self.records, self.plans):
            self._build()
        with duckdb.connect(str(folder / "fieldscope.duckdb"), config={"threads": 1}) as con:
            con.execute(f"create table target_list ({TARGETS}); create table providers ({PROVIDERS})")
            con.execute("create table source_versions (source varchar, file varchar, accepted boolean)")
            _fill(con, "target_list", targets)
            con.execute(
                "insert into providers"
                " select unnest($npis), 'Ada', '=Sharp, \"Ü\"', 'MD', 'Surgery', 'Boston', 'MA', '02115'",
                {"npis": NPIS},
            )
            _fill(
                con, "source_versions", [{"source": f.split("/")[1], "file": f, "accepted": True} for f in self.files]
            )
        crm_writeback.write(folder, self.home, date.fromisoformat(day), self.landing, {"threads": 1})
        return folder

    def _build(self) -> None:
        self.home.warehouse.unlink(missing_ok=True)
        with duckdb.connect(str(self.home.warehouse), config={"threads": 1}) as con:
            con.execute(f"create schema intermediate; create table intermediate.int_crm_records ({RECORDS})")
            con.execute("create table intermediate.int_cycle_plans (rep_id varchar, cycle_plan_id varchar)")
            _fill(con, "intermediate.int_crm_records", self.records)
            _fill(
                con,
                "intermediate.int_cycle_plans",
                [{"rep_id": rep, "cycle_plan_id": plan} for rep, plan in self.plans],
            )
        self._built = list(self.records), list(self.plans)

    def publish(self, day: str, targets: list[dict[str, object]]) -> Path:
        folder = self.write(day, targets)
        refresh_id = folder.name.removeprefix(release.BUILDING)
        release.finish(folder, {"as_of": day, "refresh_id": refresh_id})
        done = release.publish(self.home, folder, refresh_id, 5)
        crm_writeback.remember(self.home, done)
        return done

    def rows(self, name: str = "salesforce/Fieldscope_Target__c.csv") -> list[dict[str, str]]:
        """The rows of a file of the newest publication."""
        with (self.home.current / "crm_writeback" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    if rows:
        marks = ", ".join(f"({', '.join('?' for _ in rows[0])})" for _ in rows)
        values = [value for row in rows for value in row.values()]
        con.execute(f"insert into {table} ({', '.join(rows[0])}) values {marks}", values)

"""What the exports of all CRMs have in common: the kinds of their fields, and the org's own names for them.

Belongs here: how a CRM module writes its objects down, and `company/crm_fields.yml`. Not here: any CRM's object or field.
A column that the export lacks is NULL; a wrong NPI is kept as it is, the linkage says what it is worth; dates in the future
are plans.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from dagster_project.ingest.contract import Column, Contract, Freshness, LandingError, Layout, Lookup, Origin
from dagster_project.ingest.kinds import BOOLEAN, CRM_ID, DATE, FLAG, ID, LOWER, MONEY, TEXT, TIMESTAMP, Kind, amount
from dagster_project.ingest.thresholds import needed_column, valid_npis

KINDS: dict[str, Kind] = {
    "id": CRM_ID,
    "text": TEXT,
    "lower": LOWER,
    "code": ID,
    "date": DATE,
    "time": TIMESTAMP,
    "flag": FLAG,
    "known_flag": BOOLEAN,
    "money": MONEY,
    "share": amount(9, 4),
    "number": amount(18, 3),
}

# Who is linked, who owns, what is worth how much and when: an export that suddenly lacks these is none to work with.
_MUCH_RESTS_ON = re.compile(r"^npi|^account|^whoid$|owner(id)?$|^assigned_to$|amount$|^close_?date$|^created")
CREATED = ("createddate", "created_at")

FieldNames = Callable[[Path], dict[str, dict[str, str]]]


def fields_of(written: str) -> list[tuple[str, str]]:
    """(field, kind) of each word such as `OwnerId:id`."""
    return [(name, kind) for name, kind in (word.split(":") for word in written.split())]


def crm_contract(
    table: str, pattern: str, kinds: Mapping[str, Kind], layouts: tuple[Layout, ...], key: str
) -> Contract:
    """An object of a CRM: a row needs nothing but its key, and an export without rows is an org without such records."""
    return Contract(
        table=table,
        columns=tuple(Column(name, kind, is_key=name == key) for name, kind in kinds.items()),
        pattern=pattern,
        layouts=layouts,
        fresh=_daily(kinds),
        allows_no_rows=True,
        allows_absent=True,
        thresholds=(
            *(one for name in kinds if name.startswith("npi") for one in valid_npis(name)),
            *(needed_column(name) for name in kinds if _MUCH_RESTS_ON.search(name)),
        ),
        others=r".",
    )


def _daily(kinds: Mapping[str, Kind]) -> Freshness | None:
    created = next((name for name in kinds if name.lower() in CREATED), None)
    because = "the field enters something on every working day; a long weekend has four days"
    return Freshness(4, because, f"cast({created} as date)") if created else None


def salesforce_id(header: str) -> Origin:
    """The Id under a header in its 18-character form, where the other layouts of the object have Ids of another kind."""

    def origin(field: Lookup) -> str:
        found = field(header)
        return CRM_ID.value(found) if found else "null"

    return origin


def own_field_names(tables: Mapping[str, str]) -> FieldNames:
    """Reads `company/crm_fields.yml` for the objects of one CRM (object in lower case -> our table)."""

    def field_names(landing: Path) -> dict[str, dict[str, str]]:
        """Table -> the name that the landing zone's description gives -> the org's own."""
        found: dict[str, dict[str, str]] = {}
        for crm_object, fields in _stated(landing / "company" / "crm_fields.yml").items():
            if table := tables.get(crm_object):
                found[table] = found.get(table, {}) | fields
        return found

    return field_names


def _stated(path: Path) -> dict[str, dict[str, str]]:
    return {
        crm_object: {ours: theirs.lower() for ours, theirs in fields.items() if theirs}
        for crm_object, fields in names_as_written(path).items()
    }


def names_as_written(path: Path) -> dict[str, dict[str, str]]:
    """Object -> field -> the org's own name as `company/crm_fields.yml` writes it, empty for a field that the org lacks."""
    if not path.exists():
        return {}
    try:
        stated = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
        return {
            str(crm_object).lower(): {
                str(ours).lower(): "" if theirs is None else str(theirs) for ours, theirs in (fields or {}).items()
            }
            for crm_object, fields in stated.items()
        }
    except (yaml.YAMLError, AttributeError, UnicodeDecodeError) as error:
        raise LandingError(
            f"company/crm_fields.yml cannot be read ({error}); write it as object: {{field: name}}"
        ) from error

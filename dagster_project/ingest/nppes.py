"""NPPES: the national register of providers and organisations, one row an NPI.

The taxonomy kept is the first of the fifteen whose switch says primary, else the first that is there.
"""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout, Lookup
from dagster_project.ingest.kinds import CODE, DATE, ID, NPI, TEXT, UPPER, ZIP5
from dagster_project.ingest.thresholds import holds

_COLUMNS = (
    Column("npi", NPI, is_key=True),
    Column("entity_type_code", ID, codes=("1", "2")),
    Column("organization_name", TEXT),
    Column("last_name", TEXT),
    Column("first_name", TEXT),
    Column("middle_name", TEXT),
    Column("credential", TEXT),
    Column("other_last_name", TEXT),
    Column("practice_street", TEXT),
    Column("practice_city", TEXT),
    Column("practice_state", CODE),
    Column("practice_zip5", ZIP5),
    Column("practice_telephone", ID),
    Column("enumeration_date", DATE),
    Column("last_update_date", DATE),
    Column("deactivation_date", DATE),
    Column("reactivation_date", DATE),
    Column("taxonomy_code", UPPER),
)


def _primary_taxonomy(field: Lookup) -> str:
    codes = [field(f"healthcare provider taxonomy code_{place}") for place in range(1, 16)]
    switches = [field(f"healthcare provider primary taxonomy switch_{place}") for place in range(1, 16)]
    primary = [
        f"case when {switch} = 'Y' then {code} end"
        for code, switch in zip(codes, switches, strict=True)
        if code and switch
    ]
    return f"coalesce({', '.join([*primary, *(code for code in codes if code), 'null'])})"


NPPES = Contract(
    table="nppes",
    fresh=Freshness(45, "a full file is published every month"),
    columns=_COLUMNS,
    pattern=r"npidata_pfile|nppes",
    layouts=(
        Layout(
            "monthly or weekly register file",
            {
                "npi": "npi",
                "entity_type_code": "entity type code",
                "organization_name": "provider organization name (legal business name)",
                "last_name": "provider last name (legal name)",
                "first_name": "provider first name",
                "middle_name": "provider middle name",
                "credential": "provider credential text",
                "other_last_name": "provider other last name",
                "practice_street": "provider first line business practice location address",
                "practice_city": "provider business practice location address city name",
                "practice_state": "provider business practice location address state name",
                "practice_zip5": "provider business practice location address postal code",
                "practice_telephone": "provider business practice location address telephone number",
                "enumeration_date": "provider enumeration date",
                "last_update_date": "last update date",
                "deactivation_date": "npi deactivation date",
                "reactivation_date": "npi reactivation date",
                "taxonomy_code": _primary_taxonomy,
            },
            (
                "npi",
                "entity_type_code",
                "last_name",
                "first_name",
                "practice_city",
                "practice_state",
                "practice_zip5",
                "enumeration_date",
                "deactivation_date",
            ),
        ),
    ),
    unique=("npi",),
    rules=(("date_in_future", "enumeration_date", "enumeration_date > told_released_on"),),
    swaps=(("npi", "enumeration_date"),),
    thresholds=(
        # A deactivated number is published without any other cell.
        holds(
            "persons_named",
            "case when entity_type_code = '1' then last_name is not null end",
            "every person in the register has a last name",
        ),
        holds(
            "organisations_named",
            "case when entity_type_code = '2' then organization_name is not null end",
            "every organisation in the register has a name",
        ),
        holds(
            "addresses_with_zip",
            "case when strlen(practice_state) = 2 then practice_zip5 is not null end",
            "an address in a state has a ZIP",
        ),
    ),
    others=r"^(employer|provider|healthcare|other provider|authorized|npi|is |parent|certification|replacement|last update)",
)

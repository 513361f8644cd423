"""What looks like a patient in a published database: columns by their name, cells by their form.

Belongs here: the words and forms by which a patient is known. Not here: how patient ids are hashed on entry (`ingest.kinds`) and
which counts are too small to show (dbt).
"""

import duckdb

from dagster_project.parquet import named

WORDS = r"(^|_)(person|patient|member|subscriber|beneficiary|bene|enrollee|desynpuf)_?(id|key|number|no|name|first_name|last_name)?$"
PRIVATE = r"(^|_)(birth_?date|date_of_birth|dob|ssn|social_security(_number)?|mbi|hicn?|medical_record_number|mrn)(_|$)"
# Counts of patients have these names and are suppressed where they are small.
COUNTED = ("patients", "members")
# A Medicare Beneficiary Identifier by CMS's format (no S, L, O, I, B, Z among its letters), with or without its dashes,
# and a Social Security number with its dashes.
_LETTER, _EITHER = "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]"
FORMS = (
    rf"\b[1-9]{_LETTER}{_EITHER}[0-9]-?{_LETTER}{_EITHER}[0-9]-?{_LETTER}{_LETTER}[0-9][0-9]\b",
    r"\b(00[1-9]|0[1-9][0-9]|[1-578][0-9]{2}|6[0-57-9][0-9]|66[0-57-9])-[0-9]{2}-[0-9]{4}\b",
)


def suspicious_columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """`table.column` of every column in schema `main` that is named like a patient identifier, birth date or patient name."""
    rows = connection.execute(
        """
        select table_name || '.' || column_name from duckdb_columns()
        where schema_name = 'main' and lower(column_name) not in ?
            and (regexp_matches(lower(column_name), ?) or regexp_matches(lower(column_name), ?))
        order by all
        """,
        [list(COUNTED), WORDS, PRIVATE],
    ).fetchall()
    return [row[0] for row in rows]


def suspicious_cells(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Text columns of schema `main` in which a cell holds a patient number of a known form, with how many; never the value."""
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'main' and data_type = 'VARCHAR' order by all"
    ).fetchall()
    found = []
    for table, column in columns:
        forms = " or ".join(f"regexp_matches({named(column)}, ?)" for _ in FORMS)
        (cells,) = connection.execute(f"select count(*) from {named(table)} where {forms}", list(FORMS)).fetchone()
        if cells:
            found.append(f"{table}.{column} ({cells} cells)")
    return found

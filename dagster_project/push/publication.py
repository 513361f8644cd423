"""What the newest publication wants a CRM to hold, and what of that the CRM has not confirmed.

Belongs here: reading `crm_writeback/` of one release, as the audit left it. Not here: sending it.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dagster_project.parquet import quoted
from dagster_project.publish.crm_writeback import FOLDER, LAYOUTS, WHOLE, layouts_of
from dagster_project.publish.crm_writeback_layouts import Layout
from dagster_project.publish.crm_writeback_rows import COLUMNS, changes
from dagster_project.pull.faults import AccessError
from dagster_project.push.ledger import Ledger
from dagster_project.settings import Home


class Publication:
    """One release, resolved once: a refresh that is published meanwhile changes nothing."""

    def __init__(self, home: Home) -> None:
        if not home.current.exists():
            raise AccessError(f"Nothing is published in {home.root} yet. Run `fieldscope run` first.")
        self.release = home.current.resolve()
        facts = json.loads((self.release / "manifest.json").read_text(encoding="utf-8"))
        self.as_of: str = facts["as_of"]
        self.whole = self.release / FOLDER / WHOLE
        for path in (self.whole, self.release / FOLDER / LAYOUTS):
            if not path.exists():
                raise AccessError(f"{self.release} holds nothing for a CRM. Run `fieldscope run` first.")
            if _sha256(path) != facts["sha256"].get(f"{FOLDER}/{path.name}"):
                raise AccessError(f"{path} is not the file that was audited. Run `fieldscope run` again, then push.")

    def layouts(self, crms: tuple[str, ...]) -> list[Layout]:
        """The layouts of what goes to these CRMs; raises `AccessError` where this home has none."""
        found = [layout for layout in layouts_of(self.release) if layout.crm in crms and not layout.is_vault]
        if not found:
            raise AccessError(
                f"The publication as of {self.as_of} has nothing to push to {' or '.join(crms)}: no contact came from there, or"
                " they are in a Vault, whose files Vault Loader takes"
            )
        return found

    def unconfirmed(self, layout: Layout, ledger: Ledger | None, is_full: bool) -> list[dict[str, Any]]:
        """The rows to send, whoever has left first; the whole list where `is_full`."""
        confirmed, given = ledger.holds(layout.object) if ledger else ([], [])
        with duckdb.connect() as connection:
            connection.execute(f"create table tonight as select * from read_parquet({quoted(self.whole)})")
            for name, rows in (("confirmed", [] if is_full else confirmed), ("given", given)):
                # A row that was sent before a column was there tells nothing of it.
                told = [[row.get(column) for column in COLUMNS] for row in rows]
                frame = pd.DataFrame(told, columns=list(COLUMNS), dtype=object)
                connection.register("frame", frame)
                shown = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in COLUMNS.items())
                connection.execute(f"create table {name} as select {shown} from frame")
            found = changes(connection, layout.crm, ["confirmed"], ["given"])
        return sorted(found, key=lambda row: (not row["is_removal"], row["external_id"]))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

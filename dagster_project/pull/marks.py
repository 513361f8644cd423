"""How far each object of a CRM has been pulled: `.pull.json` beside its files, where the border does not look.

Belongs here: reading and writing the marks, and the lock of a pull. A mark is written after its file has been renamed: whoever is
killed in between asks for the same changes again.
"""

import json
import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from dagster_project.lock import Busy, held
from dagster_project.pull.faults import AccessError
from dagster_project.pull.landed import header_of
from dagster_project.pull.plan import OVERLAP, Plan, moment


class Marks:
    """The marks of one CRM. Those of another org, or of other columns than today's, count for nothing."""

    def __init__(self, folder: Path, org: str) -> None:
        self.folder, self.org, self.path = folder, org, folder / ".pull.json"
        self._objects: dict[str, dict] = {}
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            if stored["org"] == org:
                self._objects = dict(stored["objects"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # none yet, or no longer readable: everything is pulled whole

    def shown(self, name: str) -> str:
        return str(self._objects.get(name, {}).get("changed_until") or "")

    def since(self, plan: Plan) -> datetime | None:
        """From when on changes are asked for; None where the whole object is."""
        stored = self._objects.get(plan.name, {})
        headers = {table.file: list(table.header) for table in plan.tables}
        is_here = all(header_of(self.folder / table.file) == table.header for table in plan.tables)
        if not (plan.is_incremental and is_here and stored.get("columns") == headers):
            return None
        try:
            return moment(stored["changed_until"]) - OVERLAP
        except (KeyError, TypeError, ValueError):
            return None

    def set(self, plan: Plan, changed_until: str | None) -> None:
        columns = {table.file: list(table.header) for table in plan.tables}
        self._objects[plan.name] = {"changed_until": changed_until, "columns": columns}
        part = self.path.with_name(".pull.json.part")
        text = json.dumps({"org": self.org, "objects": self._objects}, indent=1, sort_keys=True, ensure_ascii=False)
        part.write_text(text + "\n", encoding="utf-8")
        os.replace(part, self.path)


@contextmanager
def pulling(folder: Path) -> Generator[None]:
    """One pull of a CRM at a time; the system frees the lock when the process ends, however it ends."""
    with ExitStack() as stack:
        try:
            stack.enter_context(held(folder / ".pull.lock"))
        except Busy:
            raise AccessError(f"another pull is writing into {folder}; let it end first") from None
        yield

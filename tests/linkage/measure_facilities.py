"""Precision and recall of accounts linked to facilities, of copies found, and of payments of before 2021 given to people.

`python -m tests.linkage.measure_facilities [seed …]` prints the figures of docs/linkage.md. Belongs here: the command and what it and
the tests build. Not here: what must hold (the tests).
"""

import sys
import tempfile
from datetime import date
from pathlib import Path

from tests.linkage import accounts, accounts_world, linked, recipients

MODELS = ("+int_accounts_duplicated", "+int_general_payments")


def build(home: Path, seed: int) -> tuple[Path, accounts_world.Accounts, dict[str, str], dict[str, str]]:
    """One warehouse of accounts and payments, who is who in both, and whose NPI was hidden where in the real excerpt, if it is here."""
    world = accounts_world.write(home / "landing", seed)
    paid = recipients.write_simulated(home / "landing", seed)
    hidden = recipients.write_excerpt(home / "landing") if recipients.EXCERPT.exists() else {}
    sources = (*linked.SIMULATED, "open_payments")
    return linked.build(home, MODELS, sources, date(2026, 6, 30)), world, paid, hidden


def main(seeds: list[str]) -> None:
    print("precision and recall")
    for seed in seeds or ["3"]:
        with tempfile.TemporaryDirectory() as folder:
            warehouse, world, paid, hidden = build(Path(folder), int(seed))
            found = accounts.found(warehouse, world)
            told = {
                f"{len(found.links)} accounts": found.rates(),
                "by name (and share of all)": found.rates("name"),
                f"{len(world.copies)} copies": found.copy_rates,
                f"{len(paid)} payments before 2021": recipients.rates(warehouse, paid)[:2],
                f"{len(hidden)} real rows": recipients.rates(warehouse, hidden)[:2],
            }
        for what, (precision, recall) in told.items():
            print(f"seed {seed}  {what:<32}{precision:>8.4f}{recall:>8.4f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

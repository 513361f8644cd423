"""What became of simulated accounts: how many are linked by themselves to the right facility, and which copies are found.

Belongs here: reading and counting. Not here: what must hold (the tests), nor what goes wrong (`accounts_world`).
"""

from dataclasses import dataclass
from pathlib import Path

from tests.linkage import accounts_world, linked


@dataclass(frozen=True)
class Found:
    """`links`: account id -> its row; `pairs`: copy -> original as found. Ids are the first 15 characters."""

    world: accounts_world.Accounts
    links: dict[str, dict]
    pairs: dict[str, str]

    def rates(self, method: str | None = None) -> tuple[float, float]:
        """Precision and recall of what is linked by itself, or precision and share of the accounts linked by one method."""
        made = {
            a: row["facility_id"]
            for a, row in self.links.items()
            if row["facility_id"] and method in (None, row["link_method"])
        }
        right = sum(self.world.truth[account] == facility for account, facility in made.items())
        return right / max(1, len(made)), right / sum(ccn is not None for ccn in self.world.truth.values())

    @property
    def copy_rates(self) -> tuple[float, float]:
        """Precision over the pairs found, recall over the copies planted."""
        truth, copies = self.world.truth, self.world.copies
        right = sum(truth[c] == truth[o] is not None or copies.get(c) == o for c, o in self.pairs.items())
        told = sum(c in self.pairs and self.pairs[c] == o for c, o in copies.items())
        return right / max(1, len(self.pairs)), told / len(copies)


def found(warehouse: Path, world: accounts_world.Accounts) -> Found:
    rows = linked.ask(warehouse, "select * from intermediate.int_accounts_linked")
    pairs = linked.ask(warehouse, "select account_id, original_id from intermediate.int_accounts_duplicated")
    return Found(
        world,
        {row["account_id"][:15]: row for row in rows},
        {row["account_id"][:15]: row["original_id"][:15] for row in pairs},
    )

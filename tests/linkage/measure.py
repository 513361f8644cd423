"""Precision, recall and CPU seconds of the linkage at each level of dirt, beside splink and an oracle on the same worlds.

`python -m tests.linkage.measure [--seeds 3 4 …] [world …]` prints the table of docs/linkage.md. Belongs here: the command. Not here: what
must hold (the tests).
"""

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tests.end_to_end import crm_conversions
from tests.linkage import linked as linkage
from tests.linkage import oracle
from tests.linkage import world as simulated
from tests.linkage.customs import MANY_ORIGINS
from tests.linkage.trades import ONCOLOGY
from tests.linkage.yardstick import best_matches

# Splink gives each pair a probability of its own; of these floors the one that serves it best with at least 99 of 100 right is shown.
FLOORS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
WORLDS = {
    "light": (simulated.LIGHT, {}),
    "medium": (simulated.MEDIUM, {}),
    "heavy": (simulated.HEAVY, {}),
    "heavy, no telephones": (replace(simulated.HEAVY, no_phone=1.0), {}),
    "heavy, a tenth unregistered": (replace(simulated.HEAVY, unregistered=0.1), {}),
    "no NPIs, 200 contacts": (replace(simulated.MEDIUM, has_npi=0.0), {"providers": 1500, "contacts": 200}),
    "oncology, medium": (simulated.MEDIUM, {"trades": ONCOLOGY}),
    "oncology, heavy": (simulated.HEAVY, {"trades": ONCOLOGY}),
    "Veeva, heavy": (simulated.HEAVY, {}),
    "many origins, medium": (simulated.MEDIUM, {"customs": MANY_ORIGINS}),
    "many origins, heavy": (simulated.HEAVY, {"customs": MANY_ORIGINS}),
}


def _in_veeva(landing: Path) -> None:
    """The contacts as person accounts of Veeva, where the CRM says nothing else."""
    salesforce = landing / "crm" / "salesforce" / "Contact.csv"
    contacts = pd.read_csv(salesforce, dtype=str, keep_default_na=False)
    silent = dict.fromkeys(("DoNotCall", "OwnerId", "LastModifiedDate", "IsDeleted"), "")
    crm_conversions.persons_in_veeva(contacts.assign(**silent), landing / "crm" / "veeva")
    salesforce.unlink()


def _rates(truth: dict[str, str | None], links: dict[str, str]) -> tuple[float, float]:
    right = sum(truth[contact] == npi for contact, npi in links.items())
    return right / max(1, len(links)), right / sum(npi is not None for npi in truth.values())


def _splink(found: linkage.Linked) -> tuple[float, float, float]:
    started = time.process_time()
    best = best_matches(found.warehouse)
    seconds = time.process_time() - started
    believed = {
        row["contact_id"][:15]: row["npi"]
        for row in found.ask("select contact_id, npi from intermediate.int_contact_npis_checked where cause is null")
    }
    tried = [
        _rates(found.world.truth, {c: npi for c, (npi, chance) in best.items() if chance >= floor} | believed)
        for floor in FLOORS
    ]
    return *max(tried, key=lambda rates: (rates[0] >= 0.99, rates[1])), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("worlds", nargs="*", default=list(WORLDS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[3])
    given = parser.parse_args()
    print(
        f"{'world':<24}{'seed':>5}{'precision':>10}{'recall':>8}{'splink: precision':>20}{'recall':>8}{'CPU s':>7}{'oracle: recall':>16}"
    )
    for name, seed in ((name, seed) for name in given.worlds for seed in given.seeds):
        dirt, size = WORLDS[name]
        with tempfile.TemporaryDirectory() as folder:
            landing = Path(folder) / "landing"
            world = simulated.write(landing, dirt, seed=seed, **size)
            # The oracle knows no customs but those of New England.
            limit = "" if "customs" in size else f"{oracle.recall(landing, world, dirt, **size):.4f}"
            if name.startswith("Veeva"):
                _in_veeva(landing)
            found = linkage.link(Path(folder), world)
            precision, recall, seconds = _splink(found)
        print(
            f"{name:<24}{seed:>5}{found.precision:>10.4f}{found.recall:>8.4f}{precision:>20.4f}{recall:>8.4f}{seconds:>7.1f}{limit:>16}",
            flush=True,
        )


if __name__ == "__main__":
    main()

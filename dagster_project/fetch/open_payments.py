"""The list of Open Payments data sets (a DKAN metastore): general, research, ownership by program year, and the profiles.

Each year is published again every January and June under a new file name, so the address is looked up each time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dagster_project.fetch.portal import FetchError, Portal
from dagster_project.fetch.wanted import Wanted, csv_of, name_in

# Kind, the word in its title, and the beginning of its file's name.
PAYMENTS = {
    "general": ("General", "OP_DTL_GNRL_"),
    "research": ("Research", "OP_DTL_RSRCH_"),
    "ownership": ("Ownership", "OP_DTL_OWNRSHP_"),
}
PROFILES = "profiles"
PROFILES_ID = "23160558-6742-54ff-8b9f-cac7d514ff4e"
KINDS = (*PAYMENTS, PROFILES)
# A research payment counts for a state by its recipient or by any of its principal investigators.
STATE_COLUMNS = r"recipient_state|principal_investigator_\d_state"


def offered(portal: Portal, kinds: tuple[str, ...]) -> list[Wanted]:
    """The newest publication of every program year, and the profile supplement, which has no year and no cut by states."""
    items = portal.json(portal.settings.open_payments_url)
    if not isinstance(items, list):
        raise FetchError(f"{portal.settings.open_payments_url} is no list of data sets; see whether it has moved")
    found: dict[tuple[str, int | None], Wanted] = {}
    for item in sorted(items, key=lambda item: str(item.get("modified"))):
        kind, year = _kind_of(item)
        url = csv_of(item)
        if kind not in kinds or url is None:
            continue
        name, columns = name_in(url), STATE_COLUMNS if kind in PAYMENTS else None
        if kind == PROFILES or name.upper().startswith(PAYMENTS[kind][1]):
            found[kind, year] = Wanted(
                kind, year, "open_payments", name, url, item.get("modified"), state_columns=columns
            )
    return [found[key] for key in sorted(found, key=lambda key: (KINDS.index(key[0]), key[1] or 0))]


def _kind_of(item: Mapping[str, Any]) -> tuple[str, int | None]:
    title = str(item.get("title")).strip()
    for kind, (word, _) in PAYMENTS.items():
        if match := re.match(rf"(\d{{4}}) {word} Payment Data\b", title):
            return kind, int(match[1])
    is_profiles = item.get("identifier") == PROFILES_ID or re.search(r"profile supplement", title, re.I)
    return (PROFILES if is_profiles else "", None)

"""How raw files are read when marts are counted again: independent of the product, so that both can hardly err alike.

Belongs here: text, days, ids, check digits, who answers to whom and the newest word on each claim line and interaction. Not here: what
is counted (`test_recounted_*`).
"""

from datetime import date
from pathlib import Path

import pandas as pd

KINDS = {
    "Call": "call", "Remote Call": "remote", "Meeting": "meeting", "Demo": "demo",
    "Case Attendance": "case_attendance", "Device Trial": "trial",
}  # fmt: skip
ASSISTANTS = ("80", "81", "82", "AS")
DIAGNOSES = [f"diagnosis_code_{place}" for place in range(1, 11)]
ZONE = "America/New_York"  # as the sample's company.yml says


def read(path: Path, **options) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", **options)


def is_true(flags: pd.Series) -> pd.Series:
    return flags.str.lower().isin(["true", "1"])


def local_days(moments: pd.Series) -> pd.Series:
    return pd.to_datetime(moments, errors="coerce", utc=True).dt.tz_convert(ZONE).dt.date


def whole_ids(ids: pd.Series) -> pd.Series:
    """18 characters for ids that an export wrote with 15: the suffix tells which letters are capitals."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

    def whole(text: str) -> str:
        if len(text) != 15:
            return text
        parts = (text[start : start + 5] for start in (0, 5, 10))
        return text + "".join(letters[sum(1 << n for n, c in enumerate(part) if c.isupper())] for part in parts)

    return ids.map(whole)


def has_check_digit(npi: str) -> bool:
    if not npi:
        return True
    digits = [int(digit) for digit in "80840" + npi]
    doubled = [2 * digit - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return len(npi) == 10 and sum(doubled) % 10 == 0


def is_a_day(text: str) -> bool:
    return not pd.isna(pd.to_datetime(text, format="%m/%d/%Y", errors="coerce"))


def newest_claim_lines(folder: Path) -> pd.DataFrame:
    """Services of each person as their newest delivery tells them: professional, not void, not of an assistant.

    Lines that the border sets apart are told by our own reading of their fault.
    """
    used = ["claim_id", "claim_line_number", "claim_type", "person_id", "claim_line_start_date", "service_unit_quantity",
            "hcpcs_code", "hcpcs_modifier_1", "rendering_npi", "paid_amount", "file_date", *DIAGNOSES]  # fmt: skip
    parts = []
    for path in sorted(folder.glob("medical_claim*")):
        table = pd.read_parquet(path, columns=used) if path.suffix == ".parquet" else read(path)[used]
        table = table.astype(object).where(table.notna(), "").astype(str)
        parts.append(table.drop_duplicates(["claim_id", "claim_line_number"]))
    lines = pd.concat(parts, ignore_index=True)
    number = pd.to_numeric(lines.paid_amount, errors="coerce")
    day = pd.to_datetime(lines.claim_line_start_date.str[:10], format="%Y-%m-%d", errors="coerce")
    is_sound = day.notna() & (number.notna() | (lines.paid_amount == "")) & lines.rendering_npi.map(has_check_digit)
    quantity = pd.to_numeric(lines.service_unit_quantity).fillna(1)
    month = day.dt.to_period("M").dt.start_time.dt.date
    lines = lines.assign(month=month, paid=number.fillna(0), quantity=quantity)[is_sound]
    lines = lines.sort_values("file_date", kind="stable")
    lines = lines.drop_duplicates(["claim_id", "claim_line_number"], keep="last")
    return lines[
        (lines.claim_type == "professional") & ~lines.hcpcs_modifier_1.isin(ASSISTANTS)
        & (lines.quantity > 0) & (lines.paid >= 0) & (lines.rendering_npi != "")
    ]  # fmt: skip


def interactions(crm: Path, as_of: date) -> pd.DataFrame:
    """Interactions by our own reading of tasks and events: kind, day, planned, kept."""
    tasks, events = read(crm / "Task.csv"), read(crm / "Event.csv")
    tasks["day"] = pd.to_datetime(tasks.ActivityDate, format="%Y-%m-%d", errors="coerce").dt.date
    events["day"] = local_days(events.StartDateTime)
    start, end = (pd.to_datetime(events[name], errors="coerce", utc=True) for name in ("StartDateTime", "EndDateTime"))
    events["minutes"] = (end - start).dt.total_seconds() / 60
    called_off = events.Subject.str.lower().str.match(r"cancel|missed|no.show")
    tasks["held"] = tasks.Status.isin(["Completed"])
    events["held"] = events.Status.isin(["Completed", "Held"]) | ((events.Status == "") & ~called_off)
    rows = pd.concat([tasks, events]).dropna(subset=["day"])
    rows = rows[~is_true(rows.IsDeleted) & rows.Type.isin(list(KINDS))].drop_duplicates("Id")
    recorded = local_days(rows.CreatedDate)
    ahead = [(day - written).days for day, written in zip(rows.day, recorded, strict=True)]
    is_known = recorded <= as_of
    return pd.DataFrame({
        "call_id": rows.Id, "kind": rows.Type.map(KINDS), "rep_id": rows.OwnerId, "day": rows.day, "contact_id": rows.WhoId,
        "planned_days_ahead": ahead, "is_planned": [days >= 3 for days in ahead],
        "is_kept": rows.held & (rows.day <= as_of), "minutes": rows.minutes,
    })[is_known.to_numpy()]  # fmt: skip


def managers_above(crm: Path, alignment: Path) -> dict[str, list[str]]:
    """All rungs of the ladder above each user; reps whose territory lies across others answer to nobody's sum."""
    above = dict(read(crm / "User.csv")[["Id", "ManagerId"]].itertuples(index=False, name=None))
    zips = read(alignment)
    territories, seats = read(crm / "Territory2.csv"), read(crm / "UserTerritory2Association.csv")
    across = territories.Id[territories.DeveloperName.isin(zips.territory_id[zips.kind == "overlay"])]
    overlays = set(seats.UserId[seats.Territory2Id.isin(across)])
    rungs: dict[str, list[str]] = {}
    for user in above:
        rungs[user] = []
        manager = above[user] if user not in overlays else ""
        while manager:
            rungs[user].append(manager)
            manager = above[manager]
    return rungs

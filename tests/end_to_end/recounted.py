"""How raw files are read when marts are counted again: independent of the product, so that both can hardly err alike.

Belongs here: text, days, ids and check digits. Not here: what is counted (`test_recounted_crm`, `test_recounted_sources`).
"""

from pathlib import Path

import pandas as pd

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

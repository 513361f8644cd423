"""Identifiers that look and check like the real ones: NPIs, Salesforce Ids, record numbers.

Names of people and places are made elsewhere.
"""

import numpy as np

_BASE62 = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
_SUFFIX = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", dtype=np.uint8)
_PREFIX = {
    "User": "005", "Territory2": "0MI", "UserTerritory2Association": "0M8", "Account": "001", "Contact": "003",
    "Task": "00T", "Event": "00U", "Opportunity": "006", "OpportunityHistory": "008", "ForecastingItem": "0J9",
    "Quota": "0J2", "Campaign": "701", "CampaignMember": "00v", "Contract": "800", "Order": "801",
    "OrderItem": "802", "Competitor_Activity__c": "a0C",
}  # fmt: skip


def check_digits(nine: np.ndarray) -> np.ndarray:
    """Luhn check digit of each nine-digit NPI stem, with the 80840 prefix."""
    digits = (nine[:, None] // 10 ** np.arange(9)) % 10
    doubled = digits[:, ::2] * 2
    total = (doubled // 10 + doubled % 10).sum(axis=1) + digits[:, 1::2].sum(axis=1) + 24
    return (10 - total % 10) % 10


def make_npis(rng: np.random.Generator, size: int) -> np.ndarray:
    """Distinct valid NPIs as text, in random order."""
    stems = np.unique(rng.integers(100_000_000, 199_999_999, size=size + size // 50 + 64))
    stems = rng.permutation(stems)[:size]
    return (stems * 10 + check_digits(stems)).astype(str).astype(object)


def is_valid_npi(npi: str) -> bool:
    """Whether ten digits pass the Luhn check with the 80840 prefix."""
    return len(npi) == 10 and npi.isdigit() and int(npi[9]) == check_digits(np.array([int(npi[:9])]))[0]


def break_check_digit(npi: str) -> str:
    """The same NPI with a wrong last digit."""
    return npi[:9] + str((int(npi[9]) + 3) % 10)


def salesforce_ids(kind: str, size: int) -> np.ndarray:
    """Eighteen-character Ids of one object: 15 case-sensitive characters and their check suffix."""
    number = np.arange(size, dtype=np.int64) * 37 + 916_132_832
    body = np.empty((size, 15), dtype=np.uint8)
    body[:, :9] = np.frombuffer(f"{_PREFIX[kind]}Hs0000".encode(), dtype=np.uint8)
    for place in range(6):
        body[:, 14 - place] = _BASE62[(number // 62**place) % 62]
    is_upper = (body >= ord("A")) & (body <= ord("Z"))
    index = (is_upper.reshape(size, 3, 5) * (1 << np.arange(5))).sum(axis=2)
    ids = np.concatenate([body, _SUFFIX[index]], axis=1)
    return np.char.decode(np.ascontiguousarray(ids).view("S18").ravel(), "ascii").astype(object)


def without_suffix(ids: np.ndarray) -> np.ndarray:
    """The 15-character form of the same Ids; empty stays empty."""
    return np.array([None if i is None or i != i else i[:15] for i in ids], dtype=object)


def numbered(prefix: str, numbers: np.ndarray, width: int) -> np.ndarray:
    """Text identifiers such as C000000042."""
    return np.char.add(prefix, np.char.zfill(np.asarray(numbers).astype(str), width)).astype(object)

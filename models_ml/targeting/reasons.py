"""Why a provider has its probability: the features that move it most, in words, with numbers.

The effect of a feature is the change of the published log-odds when that feature, and it alone, is taken back to its reference (the
training median, or the most common specialty), everything computed from it included. A reason can therefore not be untrue. Volume is
taken back with its growth kept, and growth is a feature of its own, taken back to none: who holds 400 procedures and held 380 the
year before does not grow tenfold because the 380 is exchanged for what is usual.
"""

import json
import re
from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from models_ml.targeting.features import DIAGNOSED, MIX
from models_ml.targeting.transforms import SETTLED

MOST_REASONS = 4
LEAST_EFFECT = 0.05
PROCEDURES = "procedures"
WORDS = {
    "volume_12m": "{} procedures in 12 months",
    "active_months_12m": "{} of 12 months with procedures",
    "other_family_volume_12m": "{} procedures outside the focus families",
    "months_since_enumerated": "{} months since the NPI was issued",
    "is_new_to_family": "new to the family",
    "competitor_payments_36m": "{} payments from competitors in the newest 36 months that are public",
    "diagnosed_lines": "{} claim lines in 24 months",
    "competitor_payments_36m_usd": "{} USD from competitors in the newest 36 months that are public",
    "competitor_payments_12m_usd": "{} USD from competitors in the newest 12 months that are public",
    "competitor_lock_in": "{} lock-in by competitors (0 to 1) at the end of the newest months that are public",
    "facility_count": "{} facilities",
    "has_competitor_contract": "a competitor's contract at the facility",
    "has_own_contract": "our contract at the facility",
    "days_to_competitor_contract_end": "{} days until a competitor's contract ends",
    "calls_3m": "{} calls in 3 months",
    "calls_12m": "{} calls in 12 months",
    "calls_ever": "{} calls so far",
    "trials_12m": "{} trials in 12 months",
    "marketing_responses_12m": "{} answers to marketing in 12 months",
    "marketing_touches_12m": "{} marketing contacts in 12 months",
    "is_access_closed": "closed to reps (no-see, or a closed system)",
    "missed_calls_12m": "{} planned calls that did not take place in 12 months",
    "peer_count": "{} colleagues who share patients",
    "peers_adopted": "{} of the colleagues who share patients order from us",
    "facility_adopters": "{} colleagues at the same facilities order from us",
    "specialty": "specialty {}",
}
# what "1 {key}" is in words, where a text begins with it
ONE = {
    "procedures": "1 procedure",
    "prescriptions": "1 prescription",
    "months": "1 month",
    "payments": "1 payment",
    "claim lines": "1 claim line",
    "facilities": "1 facility",
    "days": "1 day",
    "calls": "1 call",
    "planned calls": "1 planned call",
    "trials": "1 trial",
    "answers": "1 answer",
    "marketing contacts": "1 marketing contact",
    "colleagues who share patients": "1 colleague who shares patients",
    "colleagues at the same facilities order": "1 colleague at the same facilities orders",
}

VOLUME = "volume_12m"
# growth -> newer volume, older volume, what is compared
GROWTH = {
    "volume_growth": (VOLUME, "prior_volume_12m", "in a year"),
    "volume_growth_3m": ("volume_3m", "volume_3m_year_ago", "in three months against these months a year ago"),
}
# a count that is told as a part of another
PART_OF = {"peers_adopted": ("peer_count", "{} of {} colleagues who share patients order from us")}


class Explicable(Protocol):
    """What can be explained: whatever gives log-odds for rows, and says which features it reads and what each is compared with."""

    @property
    def references(self) -> Mapping[str, float | str]: ...

    def log_odds(self, rows: pd.DataFrame) -> np.ndarray: ...


def subjects(model: Explicable) -> list[str]:
    """What a reason may speak of: the features of the model, with volumes as one level and their growth."""
    growing = [name for name, (newer, older, _) in GROWTH.items() if {newer, older} <= set(model.references)]
    parts = {part for newer, older, _ in GROWTH.values() for part in (newer, older)} - {VOLUME}
    return [*(name for name in model.references if name not in parts), *growing]


def taken_back(rows: pd.DataFrame, name: str, references: Mapping[str, float | str]) -> pd.DataFrame:
    """The same rows with one subject at its reference."""
    if name in GROWTH:
        newer, older, _ = GROWTH[name]
        return rows.assign(**{older: rows[newer].where(rows[older].notna(), rows[older])})
    if name == VOLUME:
        _, older, _ = GROWTH["volume_growth"]
        ratio = (float(references[VOLUME]) + SETTLED) / (rows[VOLUME].clip(lower=0) + SETTLED)
        kept = ((rows[older].clip(lower=0) + SETTLED) * ratio - SETTLED).where(ratio.notna(), rows[older])
        return rows.assign(**{VOLUME: references[VOLUME], older: kept})
    return rows.assign(**{name: references[name]})


def explain(
    rows: pd.DataFrame, model: Explicable, slope: float, note: str = "", counted: str = PROCEDURES
) -> pd.Series:
    """JSON lists of {feature, value, effect, text}, strongest first; `slope` is that of the calibration, `note` ends each text.

    `counted` is what a volume is made of, in a word.
    """
    base = model.log_odds(rows)
    features = subjects(model)
    effects = np.column_stack(
        [slope * (base - model.log_odds(taken_back(rows, name, model.references))) for name in features]
    )
    order = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, :MOST_REASONS]
    reasons = np.full(order.shape, "", dtype=object)
    for place, name in enumerate(features):
        at_row, at_slot = np.nonzero(order == place)
        effect = effects[at_row, place]
        told = (np.abs(effect) >= LEAST_EFFECT) | ((at_slot == 0) & (np.abs(effect) > 0)) | (len(features) == 1)
        at_row, at_slot, effect = at_row[told], at_slot[told], effect[told]
        told_of = rows.iloc[at_row]
        if name in GROWTH:
            reasons[at_row, at_slot] = _told_growth(name, told_of, effect, note, counted)
        elif name in PART_OF and PART_OF[name][0] in told_of:
            reasons[at_row, at_slot] = _told_part(name, told_of, effect, note)
        else:
            reasons[at_row, at_slot] = _told(
                name, told_of[name].to_numpy(), effect, model.references[name], note, counted
            )
    return pd.Series(["[" + ", ".join(part for part in parts if part) + "]" for parts in reasons], index=rows.index)


def _told(
    name: str, values: np.ndarray, effects: np.ndarray, reference: float | str, note: str, counted: str
) -> list[str]:
    shown = [_plain(value) for value in values]
    usual = _plain(reference)
    texts = [
        f"{_words(name, value, counted)}{_against(name, usual)}: {_odds(effect)}{note}"
        for value, effect in zip(shown, effects, strict=True)
    ]
    return [
        json.dumps({"feature": name, "value": value, "effect": round(float(effect), 4), "text": text})
        for value, effect, text in zip(shown, effects, texts, strict=True)
    ]


def _told_growth(name: str, rows: pd.DataFrame, effects: np.ndarray, note: str, counted: str) -> list[str]:
    newer, older, compared = GROWTH[name]
    told = []
    for new, old, effect in zip(rows[newer].to_numpy(), rows[older].to_numpy(), effects, strict=True):
        new, old = (_rounded(max(volume, 0)) if np.isfinite(volume) else 0 for volume in (new, old))
        growth = new / old - 1 if old else None
        if growth is None:
            text = f"{new:,} {counted} {compared}, none before"
        else:
            text = f"volume {'up' if growth > 0 else 'down'} {100 * abs(growth):.0f} % {compared} ({new:,} {counted} after {old:,})"
        value = None if growth is None else round(growth, 2)
        reason = {"feature": name, "value": value, "effect": round(float(effect), 4)}
        told.append(json.dumps({**reason, "text": f"{text}: {_odds(effect)}{note}"}))
    return told


def _told_part(name: str, rows: pd.DataFrame, effects: np.ndarray, note: str) -> list[str]:
    whole, words = PART_OF[name]
    told = []
    for part, of, effect in zip(rows[name].to_numpy(), rows[whole].to_numpy(), effects, strict=True):
        value, of = _plain(part), _plain(of)
        text = words.format(f"{value:,}", f"{of:,}") if value is not None and of else _words(name, value)
        reason = {"feature": name, "value": value, "effect": round(float(effect), 4)}
        told.append(json.dumps({**reason, "text": f"{text}: {_odds(effect)}{note}"}))
    return told


def _plain(value: float | str) -> float | int | str | None:
    """As a person would write it; what is unknown is None."""
    if isinstance(value, str):
        return value
    return _rounded(value) if np.isfinite(value) else None


def _rounded(value: float) -> float | int:
    return round(float(value)) if abs(value) >= 10 or float(value).is_integer() else round(float(value), 2)


def _words(name: str, value: float | int | str | None, counted: str = PROCEDURES) -> str:
    if name.startswith(MIX) and not isinstance(value, str):
        return f"{round(100 * (value or 0))} % of the {counted} are {_family(name)}"
    if name.startswith(DIAGNOSED) and isinstance(value, int | float):
        return f"{round(100 * value)} % of the claim lines name {_family(name)}"
    if name.startswith(("is_", "has_")):
        return WORDS[name] if value else f"not {WORDS[name]}" if name.startswith("is_") else f"without {WORDS[name]}"
    words = WORDS.get(name, _family(name)).replace(PROCEDURES, counted)
    if value is None:
        subject = re.sub(r"^\{\} (of (12|the) )?| \{\}$", "", words)
        return "no competitor's contract with a known end" if name.startswith("days_") else f"{subject} not known"
    text = words.format(f"{value:,}" if isinstance(value, int | float) else value)
    return next((one + text[len(many) + 2 :] for many, one in ONE.items() if text.startswith(f"1 {many}")), text)


def _family(name: str) -> str:
    return name.removeprefix(MIX).removeprefix(DIAGNOSED).replace("_", " ")


def _against(name: str, usual: float | int | str | None) -> str:
    if usual is None or name.startswith(("is_", "has_")):
        return ""
    if name.startswith((MIX, DIAGNOSED)) and not isinstance(usual, str):
        return f" (usual: {round(100 * usual)} %)"
    return f" (usual: {usual:,})" if isinstance(usual, int | float) else f" (most common: {usual})"


def _odds(effect: float) -> str:
    change = np.expm1(abs(effect)) if effect > 0 else -np.expm1(-abs(effect))
    return f"{'raises' if effect > 0 else 'lowers'} the odds by {100 * change:.0f} %" if effect else "as usual"

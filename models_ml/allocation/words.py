"""Why somebody is on the list, in one sentence: the chance, what it is worth, and the reasons of the score.

Reasons are those of the score and no others (`targeting.reasons`); each is told on the side to which it moves the chance.
"""

import json

MOST_FOR, MOST_AGAINST = 3, 1


def why(row: dict, horizon_days: int) -> str:
    """One sentence for the rep; `row` is a listed candidate."""
    chance = f"{100 * row['adoption_probability']:.1f} % chance of a first order within {horizon_days} days"
    worth = f", {row['open_revenue_usd']:,.0f} USD a year not yet ours" if row["open_revenue_usd"] > 0 else ""
    baseline = ", by volume alone since the model is no better than volume" if row["is_baseline"] else ""
    reasons = json.loads(row["reasons"] or "[]")
    told = [(reason["effect"], reason["text"].rpartition(": ")[0] or reason["text"]) for reason in reasons]
    speak_for = "; ".join([text for effect, text in told if effect > 0][:MOST_FOR])
    against = "; ".join([text for effect, text in told if effect < 0][:MOST_AGAINST])
    sentence = chance + worth + baseline
    sentence += f": {speak_for}" if speak_for else ""
    sentence += f"{'; against it: ' if speak_for else ', although: '}{against}" if against else ""
    held = (
        "Not to be called, so that the worth of calls can be measured (holdout). "
        if row["assignment"] == "holdout"
        else ""
    )
    return f"{held}{sentence}."

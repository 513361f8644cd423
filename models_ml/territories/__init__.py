"""Does a territory take what its opportunity, its workload and its rep's time in seat would predict?

1. Results are a year's activated orders; what they are set against is the yearly worth of the territory's procedures, ours included.
2. Territories of one company are compared with each other in the same months, so growth, season and price cancel.
3. They differ for two reasons: which of their providers happen to be customers (told by the orders of the company's providers, larger
   where few providers hold the volume), and lasting ways of their own (estimated).
4. Only a seat that one rep held for the whole year is judged; a vacant, shared or newly filled one is told as such.

Area-level model: Fay & Herriot (1979); its variance: Paule & Mandel (1982); several outliers at once: Rosner (1983); flags:
Benjamini & Hochberg (1995). Not here: forecasts, and who is to blame.
"""

import datetime as dt

import pandas as pd

from models_ml.evaluation import conform, typed_empty
from models_ml.territories.managers import judge_managers
from models_ml.territories.verdicts import judge
from models_ml.territories.window import last_year

_VERDICT = {
    "month": "date",
    "window_months": "int",
    "observed_usd": "num",
    "expected_usd": "num",
    "lower_usd": "num",
    "upper_usd": "num",
    "p_value": "num",
    "q_value": "num",
    "is_underperforming": "bool",
    "why": "text",
}
OUTPUTS = {
    "verdicts": {"territory_id": "text", "rep_id": "text", **_VERDICT},
    "manager_verdicts": {"manager_id": "text", "territories": "int", **_VERDICT},
}


def judge_territories(
    territory_months: pd.DataFrame, team_territories: pd.DataFrame, as_of: dt.date
) -> dict[str, pd.DataFrame]:
    """One verdict a territory, and one a manager, on the year that ends with the last month that is over at `as_of`."""
    year = last_year(territory_months, as_of)
    if year.empty:
        return typed_empty(OUTPUTS)
    verdicts = judge(year)
    managers = judge_managers(verdicts, team_territories)
    return {
        "verdicts": conform(verdicts, OUTPUTS["verdicts"]),
        "manager_verdicts": conform(managers, OUTPUTS["manager_verdicts"]),
    }


__all__ = ["OUTPUTS", "judge_territories"]

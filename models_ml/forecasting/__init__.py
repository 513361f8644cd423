"""The forecast: what will be won, by deal, rep, territory, region and company, and how sure is that?

Order of reading: `book` (deals as known), `stays` and `hazards` (how deals move), `probabilities` (one deal), `shocks`
(whole quarters), `arrivals` (deals to come), `simulate` and `totals` (money), `evaluate` (what it was worth before),
`forecast` (all of it together).
"""

from models_ml.forecasting.forecast import MODEL_VERSION, forecast_quarters
from models_ml.forecasting.frames import OUTPUTS

__all__ = ["MODEL_VERSION", "OUTPUTS", "forecast_quarters"]

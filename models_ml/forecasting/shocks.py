"""How far do whole quarters, and territories within them, depart from what their deals had promised?

Here belong the common shock of a quarter, the slow drift of the level, and the shock of a territory.

1. O_q events where E_q were expected: y_q = 2 (sqrt(O + 3/8) - sqrt(E + 3/8)) / sqrt(E + 3/8) is the log-departure,
   nearly normal with variance 1 / (E + 3/8). Anscombe (1948).
2. The departure is a level that walks randomly plus a shock of its own quarter (local level model). How large both are
   is not known: every combination on a grid is weighed by its likelihood and a prior, and paths draw from the weights, so that
   a short history gives wide paths; half of the prior says that there is no drift. The level may also have broken at
   the start of one of the last quarters: Barry & Hartigan (1993). West & Harrison (1997); Durbin & Koopman (2012).
   Shocks and what is unknown of the level multiply by one on average, since expected events were fitted to all quarters.
3. The newest quarter may be unfinished: what has been seen of it counts with the events expected so far.
4. Territories depart from the company's quarter independently of each other, with a Gamma multiplier.
"""

from dataclasses import dataclass

import numpy as np

from models_ml.forecasting.shrinkage import log_likelihood

SHOCKS = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.26, 0.33, 0.42, 0.55, 0.75])
DRIFTS = np.array([0.0, 0.03, 0.06, 0.1])
SHOCK_PRIOR, DRIFT_PRIOR, LEVEL_PRIOR = 0.3, 0.03, 0.5  # widths of half-normal and normal priors, log scale
JUMP, JUMP_CHANCE, JUMPS_BACK = (
    0.6,
    0.02,
    8,
)  # width of a break, its chance in a quarter, how far back one is looked for


@dataclass(frozen=True)
class Level:
    """For every triple (shock, drift, break) its weight and the state at the end: level, its variance, the newest quarter's shock."""

    weight: np.ndarray
    shock: np.ndarray
    drift: np.ndarray
    mean: np.ndarray
    spread: np.ndarray

    def draw(self, paths: int, quarters: int, rng: np.random.Generator) -> np.ndarray:
        """Log-departures of the newest quarter (unfinished) and those after it: a row a path."""
        pair = rng.choice(len(self.weight), size=paths, p=self.weight)
        normal = rng.standard_normal((paths, 2))
        state = self.mean[pair] + np.einsum("nij,nj->ni", self.spread[pair], normal)
        level, result = state[:, 0] - self.spread[pair, 0, 0] ** 2 / 2, np.empty((paths, quarters))
        shock, drift = self.shock[pair], self.drift[pair]
        result[:, 0] = level + state[:, 1] - shock**2 / 2
        for quarter in range(1, quarters):
            level = level + drift * rng.standard_normal(paths) - drift**2 / 2
            result[:, quarter] = level + shock * rng.standard_normal(paths) - shock**2 / 2
        return result

    def draw_level(self, paths: int, rng: np.random.Generator) -> np.ndarray:
        """Draws of the level alone, without the shock of any quarter."""
        pair = rng.choice(len(self.weight), size=paths, p=self.weight)
        return self.mean[pair, 0] + self.spread[pair, 0, 0] * rng.standard_normal(paths)

    @property
    def mean_level(self) -> float:
        return float(self.weight @ self.mean[:, 0])

    @property
    def typical_shock(self) -> float:
        return float(self.weight @ self.shock)


def fit_level(observed: np.ndarray, expected: np.ndarray) -> Level:
    """The level and shocks of consecutive quarters; the last one is the quarter that is forecast first."""
    breaks = np.append(-1, np.arange(max(len(observed) - JUMPS_BACK, 1), len(observed)))
    shock, drift, jump = (grid.ravel() for grid in np.meshgrid(SHOCKS, DRIFTS, breaks, indexing="ij"))
    size = len(shock)
    log_weight = -0.5 * (shock / SHOCK_PRIOR) ** 2 - 0.5 * (drift / DRIFT_PRIOR) ** 2
    log_weight = log_weight + np.where(drift == 0, np.log(len(DRIFTS) - 1), 0.0)
    log_weight = log_weight + np.where(jump >= 0, np.log(JUMP_CHANCE), np.log(1 - JUMP_CHANCE * (len(breaks) - 1)))
    level, variance = np.zeros(size), np.full(size, LEVEL_PRIOR**2)
    mean, spread = np.zeros((size, 2)), np.zeros((size, 2, 2))
    for quarter, (o, e) in enumerate(zip(observed, expected, strict=True)):
        variance = variance + (drift**2 if quarter else 0.0) + np.where(jump == quarter, JUMP**2, 0.0)
        noise = 1 / (e + 0.375)
        y = 2 * (np.sqrt(o + 0.375) - np.sqrt(e + 0.375)) * np.sqrt(noise) + shock**2 / 4
        noise = noise if e > 0.5 else 1e6
        total = variance + shock**2 + noise
        surprise = y - level
        log_weight = log_weight - 0.5 * np.log(total) - 0.5 * surprise**2 / total
        gain, gain_shock = variance / total, shock**2 / total
        mean = np.column_stack([level + gain * surprise, gain_shock * surprise])
        spread = np.empty((size, 2, 2))
        spread[:, 0, 0], spread[:, 1, 1] = variance * (1 - gain), shock**2 * (1 - gain_shock)
        spread[:, 0, 1] = spread[:, 1, 0] = -gain * shock**2
        level, variance = mean[:, 0], spread[:, 0, 0]
    if len(observed) == 0:
        spread[:, 0, 0], spread[:, 1, 1] = variance, shock**2
    weight = np.exp(log_weight - log_weight.max())
    return Level(weight / weight.sum(), shock, drift, mean, _roots(spread))


def _roots(spread: np.ndarray) -> np.ndarray:
    """Lower roots of 2 × 2 covariances, which may be singular."""
    root = np.zeros_like(spread)
    root[:, 0, 0] = np.sqrt(np.maximum(spread[:, 0, 0], 0))
    safe = np.maximum(root[:, 0, 0], 1e-12)
    root[:, 1, 0] = np.where(root[:, 0, 0] > 1e-9, spread[:, 1, 0] / safe, 0.0)
    root[:, 1, 1] = np.sqrt(np.maximum(spread[:, 1, 1] - root[:, 1, 0] ** 2, 0))
    return root


def fit_local_shock(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Weights of the sizes in `SHOCKS` for the shock of a territory in a quarter; expected holds the company's shock."""
    usable = expected > 0.05
    observed, expected = observed[usable], expected[usable]
    shapes = 1 / np.maximum(SHOCKS, 0.01) ** 2
    log_weight = log_likelihood(observed, expected, shapes) - 0.5 * (SHOCKS / SHOCK_PRIOR) ** 2
    weight = np.exp(log_weight - log_weight.max())
    return weight / weight.sum()

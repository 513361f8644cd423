"""What sees what a straight line cannot: shallow boosted trees, held back so that few events do not carry them away.

1. Trees of at most two splits deep, many rows in a leaf, as many and as large steps as leave them neither too sure nor too shy. More volume never
   lowers the odds.
2. The fitted trees are kept as plain arrays: a model can be written down, read again years later and give the same numbers.

Friedman (2001), histograms as in Ke et al. (2017), by scikit-learn.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from models_ml.targeting.design import Design
from models_ml.targeting.model import VOLUME, Designed, base_rate_shift
from models_ml.targeting.teaching import Training

TREES = 60
STEP = 0.12
LEAVES = 4
LEAST_EVENTS_OF_LEAF = 12
SHRINKAGE = 10.0
# Rows that a processor's cache holds: trees read single columns of a matrix whose rows lie together.
BLOCK = 5_000


@dataclass(frozen=True)
class Trees:
    """One row a tree, one column a node; a leaf leads to itself."""

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray

    def total(self, matrix: np.ndarray) -> np.ndarray:
        """The sum over all trees, one number a row of the matrix."""
        result = np.zeros(len(matrix))
        for first in range(0, len(matrix), BLOCK):
            block = slice(first, first + BLOCK)
            for feature, threshold, left, right, value in zip(
                self.feature, self.threshold, self.left, self.right, self.value, strict=True
            ):
                result[block] += _of_node(matrix[block], feature, threshold, left, right, value, 0)
        return result


def _of_node(matrix, feature, threshold, left, right, value, node: int) -> np.ndarray | float:
    """The value that each row reaches below a node; whole columns are compared, for trees are shallow."""
    if left[node] == node:
        return value[node]
    below = [_of_node(matrix, feature, threshold, left, right, value, child) for child in (left[node], right[node])]
    return np.where(matrix[:, feature[node]] <= threshold[node], *below)


@dataclass(frozen=True)
class BoostedModel(Designed):
    """A fitted design, trees on its columns, and the level of today."""

    trees: Trees
    intercept: float

    def of(self, matrix: np.ndarray) -> np.ndarray:
        """Log-odds, one number a row of the design's matrix."""
        return self.trees.total(matrix) + self.intercept


def fit_boosted(training: Training, design: Design) -> BoostedModel:
    """A leaf holds as many rows as have a dozen events between them. Trees know no level of a day, so that they learn of closed windows alone."""
    training = training.closed
    matrix = design.matrix(training.rows)
    rate = max(float(training.y.mean()), 1e-6)
    rises = [int(VOLUME in column.inputs and column.how == "log") for column in design.columns]
    fitted = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=STEP,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=int(np.clip(LEAST_EVENTS_OF_LEAF / rate, 20, len(matrix) / 8 + 1)),
        l2_regularization=SHRINKAGE,
        monotonic_cst=rises + [0] * (matrix.shape[1] - len(rises)),
        max_bins=32,
        early_stopping=False,
        random_state=0,
    ).fit(matrix, training.y, sample_weight=training.weight if np.ptp(training.weight) > 0 else None)
    trees = _as_arrays([predictors[0].nodes for predictors in fitted._predictors])
    return BoostedModel(design, trees, base_rate_shift(training, trees.total(matrix)))


def _as_arrays(grown: list[np.ndarray]) -> Trees:
    size = max((len(nodes) for nodes in grown), default=1)
    shape = (len(grown), size)
    itself = np.tile(np.arange(size), (len(grown), 1))
    trees = Trees(np.zeros(shape, int), np.zeros(shape), itself.copy(), itself.copy(), np.zeros(shape))
    for row, nodes in enumerate(grown):
        inner = np.flatnonzero(nodes["is_leaf"] == 0)
        trees.value[row, : len(nodes)] = nodes["value"]
        trees.feature[row, inner] = nodes["feature_idx"][inner]
        trees.threshold[row, inner] = nodes["num_threshold"][inner]
        trees.left[row, inner], trees.right[row, inner] = nodes["left"][inner], nodes["right"][inner]
    return trees

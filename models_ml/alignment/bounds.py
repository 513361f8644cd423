"""Why a tenth cannot be reached, where that is proved; where nothing here holds it is merely not reached, and said so.

Two proofs, neither of which depends on the search: a load that cannot be divided, and a group of territories that touches no other and
is as a whole too heavy or too light. Not here: the search.
"""

import networkx as nx
import numpy as np

from models_ml.alignment.search import WITHIN

MEASURES = ("workload", "opportunity")


def proofs(
    zip5: np.ndarray,
    territory: np.ndarray,
    pairs: np.ndarray,
    weight: np.ndarray,
    index: np.ndarray,
    fixed: np.ndarray,
    after: np.ndarray,
) -> dict[int, str]:
    """By number of the territory: why it, or whichever holds what it holds, stays outside a tenth. Loads are shares of the average."""
    found: dict[int, str] = {}
    touching = nx.Graph(np.sort(territory[pairs], axis=1).tolist())
    touching.add_nodes_from(range(len(index)))
    touching.remove_nodes_from([-1] if -1 in touching else [])
    for group in nx.connected_components(touching):
        numbers = sorted(group)
        mean = index[numbers].mean(axis=0)
        for measure, share in zip(MEASURES, mean, strict=True):
            if abs(share - 1) > WITHIN + 1e-6 and len(numbers) < len(index):
                others = len(numbers) - 1
                whom = f"with the {others} joined to it, it" if others else "it"
                held = f"{_percent(share)} of an average {measure}"
                text = f"{whom} touches no other territory with a rep, and {'on average they hold' if others else 'holds'} {held}"
                found = dict.fromkeys(numbers, text) | found
    for column, measure in enumerate(MEASURES):
        for number in np.flatnonzero(fixed[:, column] > 1 + WITHIN):
            found[int(number)] = f"{_percent(fixed[number, column])} of an average {measure} lies outside its ZIPs"
        for row in np.flatnonzero((weight[:, column] > 1 + WITHIN) & (after >= 0)):
            text = f"ZIP {zip5[row]} alone holds {_percent(weight[row, column])} of an average {measure}"
            found[int(after[row])] = text
    return found


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"

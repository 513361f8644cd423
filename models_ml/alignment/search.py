"""Which cells should change hands: the moves that mend most for the relationships they hand over, round after round.

What a move mends counts by the share of the cell's neighbours that the taker holds, so that borders stay short.

1. What is to fall is the sum of squares of how far workload and opportunity lie from the average territory with a rep, beyond what is
   aimed at, a little less than a tenth.
2. A cell goes to a territory that it touches; the giver keeps at least one cell and never falls into more pieces than it has.
3. No move may leave its two territories with a larger deviation than the larger one before, so the company's largest never grows.
4. In a round each territory gives or takes one cell, the best move first; a cell moves once. Ties go to the lower ZIP, then to the
   lower territory. When all are within a tenth, no move helps or the rounds are used up, it is over.

A local search: when it stops outside a tenth, that proves nothing (`bounds` may). Not here: neighbours, and words.
"""

import networkx as nx
import numpy as np

from models_ml.alignment.cells import Cells

WITHIN = 0.10
AIM = 0.09
LEAST_GAIN = 1e-6
MOST_ROUNDS = 400


def outside(index: np.ndarray, within: float = WITHIN) -> np.ndarray:
    """How far each index lies beyond a tenth of the average; a millionth is rounding."""
    far = np.abs(index - 1) - within
    return np.where(far > 1e-6, far, 0.0)


def search(cells: Cells, territory: np.ndarray, weight: np.ndarray, cost: np.ndarray, index: np.ndarray) -> np.ndarray:
    """The territory of each row afterwards.

    By row: its territory (-1: takes no part), what it weighs of the average territory's workload and opportunity, what moving it costs.
    By territory: its index before, with what cannot move.
    """
    at, index = territory.copy(), index.copy()
    one, other = np.vstack([cells.pairs, cells.pairs[:, ::-1]]).T
    touching = nx.Graph(cells.pairs.tolist())
    members = [set(np.unique(cells.of_zip[at == number]).tolist()) for number in range(len(index))]
    price = (1 + cost) * np.maximum(np.bincount(one, minlength=len(at)), 1)
    joints: dict[int, set[int]] = {}
    moved = np.zeros(len(at), dtype=bool)
    for _ in range(MOST_ROUNDS):
        is_border = (at[one] != at[other]) & (at[one] >= 0) & (at[other] >= 0) & ~moved[one]
        cell, to = _in_order(one[is_border], at[other[is_border]], at, weight, price, index)
        busy: set[int] = set()
        for mover, taker in zip(cell.tolist(), to.tolist(), strict=True):
            giver = int(at[mover])
            if giver in busy or taker in busy or _holds_together(mover, giver, members[giver], touching, joints):
                continue
            at[mover], moved[mover] = taker, True
            index[giver] -= weight[mover]
            index[taker] += weight[mover]
            members[giver].discard(mover)
            members[taker].add(mover)
            for number in (giver, taker):
                busy.add(number)
                joints.pop(number, None)
        if not busy or not outside(index).any():
            break
    return at[cells.of_zip]


def _in_order(
    cell: np.ndarray, to: np.ndarray, at: np.ndarray, weight: np.ndarray, price: np.ndarray, index: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The moves that help, the best first; `cell` touches `to` as often as it is named with it."""
    key, touches = np.unique(cell * len(index) + to, return_counts=True)
    cell, to = np.divmod(key, len(index))
    before = np.hstack([outside(index[at[cell]], AIM), outside(index[to], AIM)])
    left = np.hstack([outside(index[at[cell]] - weight[cell], AIM), outside(index[to] + weight[cell], AIM)])
    gain = (before**2).sum(axis=1) - (left**2).sum(axis=1)
    helps = (gain > LEAST_GAIN) & (left.max(axis=1, initial=0.0) <= before.max(axis=1, initial=0.0))
    score = np.round(gain * touches / price[cell], 12)[helps]
    cell, to = cell[helps], to[helps]
    order = np.lexsort((to, cell, -score))
    return cell[order], to[order]


def _holds_together(cell: int, giver: int, own: set[int], touching: nx.Graph, joints: dict[int, set[int]]) -> bool:
    """Whether the giver would fall into more pieces without the cell, or have none left; `joints` are kept until it changes."""
    around = [near for near in touching[cell] if near in own]
    if len(own) == 1 or len(around) < 2:
        return len(own) == 1
    if len(around) == 2 and touching.has_edge(*around):
        return False
    if giver not in joints:
        joints[giver] = set(nx.articulation_points(nx.Graph(touching.subgraph(own))))
    return cell in joints[giver]

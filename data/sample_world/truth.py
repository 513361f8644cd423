"""The sealed truth of a world, written beside the landing zone and never inside it.

What no file of the landing zone may tell: rates, plants, hazards, outcomes after as-of, links, biases.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from sample_world.behaviour import CALL_EFFECT, EFFECTS, NEVER, Behaviour
from sample_world.clock import AS_OF, AS_OF_MONTH, MONTHS, month_start
from sample_world.crm_structure import Structure
from sample_world.deals import WON, Deals
from sample_world.files import write_parquet
from sample_world.identifiers import salesforce_ids
from sample_world.people import People
from sample_world.pipeline import Pipeline, won_by_quarter
from sample_world.volumes import FAMILIES, Volumes


def write_truth(
    people: People, volumes: Volumes, behaviour: Behaviour, first_order: np.ndarray, structure: Structure, deals: Deals,
    pipeline: Pipeline, folder: Path,
) -> None:  # fmt: skip
    """Write every sealed table."""
    npi = people.providers.npi.to_numpy()
    tables = {
        "volume_rates": _volume_rates(npi, volumes),
        "risers": _changes(npi, volumes, behaviour),
        "adoption_hazard": _hazards(npi, behaviour),
        "first_orders": pd.DataFrame({"npi": npi, "first_order_on": first_order})[~np.isnat(first_order)],
        "moves": _moves(people),
        "contact_links": _links(npi, structure),
        "deal_outcomes": _outcomes(structure, deals, pipeline),
        "won_by_quarter": _won(structure, deals),
        "rep_bias": pd.DataFrame(
            {
                "rep_id": structure.users.id,
                "log_optimism": pipeline.bias,
                "probability_inflation_points": pipeline.inflation,
            }
        ),
    }  # fmt: skip
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", table.reset_index(drop=True))
    facts = {
        "as_of": AS_OF.isoformat(), "call_effect_log_odds_three_months": CALL_EFFECT,
        "call_effect_six_month_probability": behaviour.true_call_effect, "hazard_effects": EFFECTS,
    }  # fmt: skip
    (folder / "facts.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def _volume_rates(npi: np.ndarray, volumes: Volumes) -> pd.DataFrame:
    pairs, months = len(volumes.pairs), np.arange(MONTHS)
    return pd.DataFrame({
        "npi": np.repeat(npi[volumes.pairs.provider], MONTHS),
        "procedure_family": np.repeat(np.asarray(FAMILIES, dtype=object)[volumes.pairs.family], MONTHS),
        "month": np.tile(month_start(months), pairs), "rate": volumes.rates.ravel(), "procedures": volumes.counts.ravel(),
    })  # fmt: skip


def _changes(npi: np.ndarray, volumes: Volumes, behaviour: Behaviour) -> pd.DataFrame:
    pairs = volumes.pairs[volumes.pairs.change_month != NEVER]
    called = behaviour.calls[pairs.provider, AS_OF_MONTH - 11 : AS_OF_MONTH + 1].sum(axis=1)
    called = called + behaviour.trials[pairs.provider, AS_OF_MONTH - 11 : AS_OF_MONTH + 1].sum(axis=1)
    return pd.DataFrame({
        "npi": npi[pairs.provider], "procedure_family": np.asarray(FAMILIES, dtype=object)[pairs.family],
        "start_month": month_start(pairs.change_month.to_numpy()), "rate_ratio": pairs.change_ratio, "is_riser": pairs.is_riser,
        "is_uncalled": called == 0, "monthly_rate_before": pairs.base,
    })  # fmt: skip


def _hazards(npi: np.ndarray, behaviour: Behaviour) -> pd.DataFrame:
    rows = np.flatnonzero(behaviour.eligible)
    hazard = behaviour.hazard[rows]
    ahead = 1 - np.prod(1 - hazard[:, AS_OF_MONTH + 1 : AS_OF_MONTH + 7], axis=1)
    table = pd.DataFrame({
        "npi": np.repeat(npi[rows], MONTHS), "month": np.tile(month_start(np.arange(MONTHS)), len(rows)), "hazard": hazard.ravel(),
        "is_at_risk": (behaviour.adopted_in[rows][:, None] >= np.arange(MONTHS)).ravel(),
    })  # fmt: skip
    return table.assign(probability_six_months_from_as_of=np.repeat(ahead, MONTHS))


def _moves(people: People) -> pd.DataFrame:
    movers = people.providers[people.providers.moved_in != NEVER]
    names = people.facilities.ccn.fillna(people.facilities.npi).to_numpy()
    return pd.DataFrame({
        "npi": movers.npi, "moved_in": month_start(movers.moved_in.to_numpy()), "from_facility": names[movers.site],
        "to_facility": names[movers.later_site],
    })  # fmt: skip


def _links(npi: np.ndarray, structure: Structure) -> pd.DataFrame:
    persons = structure.contacts[structure.contacts.provider >= 0]
    return pd.DataFrame({"contact_id": persons.id, "npi": npi[persons.provider], "is_duplicate": persons.is_duplicate})


def _outcomes(structure: Structure, deals: Deals, pipeline: Pipeline) -> pd.DataFrame:
    known = pipeline.opportunities
    ids = pd.Series(salesforce_ids("Opportunity", len(known)), index=known.index)
    every = deals.deals
    true = deals.open_win_probability.set_index("deal")
    return pd.DataFrame({
        "opportunity_id": ids.reindex(every.index), "rep_id": structure.users.id.to_numpy()[every.owner],
        "created_on": every.created_on, "is_open_at_as_of": every.index.isin(true.index), "is_won": every.final_stage == WON,
        "closed_on": every.closed_on, "amount": known.amount_now.reindex(every.index).fillna(every.amount),
        "win_probability": true.win_probability.reindex(every.index),
        "win_this_quarter_probability": true.win_this_quarter_probability.reindex(every.index),
    })  # fmt: skip


def _won(structure: Structure, deals: Deals) -> pd.DataFrame:
    won = won_by_quarter(deals)
    return pd.DataFrame(
        {"rep_id": structure.users.id.to_numpy()[won.owner], "quarter_start": won.quarter, "amount": won.amount}
    )

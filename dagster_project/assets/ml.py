"""Floor `ml`: each asset reads features, calls one function of `models_ml`, and writes what it returns.

Belongs here: which frames go into which model. Not here: any statistics.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from importlib import import_module

import dagster as dg
import pandas as pd

from dagster_project.assets.floors import OWNER
from dagster_project.history import carried_before, carry
from dagster_project.parquet import read_frame, write_frame
from dagster_project.refresh import Refresh

Frames = Sequence[pd.DataFrame]
Outputs = Mapping[str, pd.DataFrame]
CHAMPIONS = "target_champions"


def estimate_trends(frames: Frames, as_of: date, settings: pd.Series) -> Outputs:
    """Direction of volume."""
    from models_ml.volume import estimate_trends

    return estimate_trends(*frames, as_of=as_of, settings=settings)


def score_adoption(frames: Frames, as_of: date, settings: pd.Series) -> Outputs:
    """Adoption hazard."""
    from models_ml.targeting import score_adoption

    *learnt, contracts, lists, families = frames
    horizon_days = int(settings["adoption_horizon_days"])
    return score_adoption(
        *learnt, as_of=as_of, horizon_days=horizon_days, contracts=contracts, lists=lists, families=families
    )


def allocate_calls(frames: Frames, as_of: date, settings: pd.Series) -> Outputs:
    """The list: whom each rep calls and how often."""
    from models_ml.allocation import allocate_calls

    return allocate_calls(*frames, as_of=as_of, settings=settings)


def find_rising(frames: Frames, as_of: date, settings: pd.Series) -> Outputs:
    """Rising and uncalled."""
    from models_ml.blind_spots import find_rising

    return find_rising(*frames, as_of)


def forecast_quarters(frames: Frames, as_of: date, settings: pd.Series) -> Outputs:
    """The quarters."""
    from models_ml.forecasting import forecast_quarters

    return forecast_quarters(
        *frames,
        as_of=as_of,
        fiscal_year_start_month=int(settings["fiscal_year_start_month"]),
        horizon_quarters=int(settings["forecast_horizon_quarters"]),
    )


def judge_territories(frames: Frames, as_of: date, settings: pd.Series) -> Outputs:
    """Territories against their opportunity."""
    from models_ml.territories import judge_territories

    return judge_territories(*frames, as_of=as_of)


def propose_moves(frames: Frames, as_of: date, settings: pd.Series) -> Outputs:
    """ZIPs that would better belong to the territory next door."""
    from models_ml.alignment import propose_moves

    return propose_moves(*frames)


def audit_plans(frames: Frames, as_of: date, settings: pd.Series) -> Outputs:
    """The audit of plans."""
    from models_ml.compliance import audit_plans

    return audit_plans(*frames, settings=settings)


def _adoption_frames(refresh: Refresh, settings: pd.Series) -> Frames:
    """What adoption is learnt from, cut to what a machine holds, the model in use, the names of contracts, earlier lists and families."""
    from dagster_project.assets.past_sample import adoption_frames
    from models_ml.evaluation import typed_empty
    from models_ml.targeting import OUTPUTS

    before = carried_before(refresh.home, CHAMPIONS, refresh.as_of)
    champion = read_frame(before) if before else typed_empty(OUTPUTS)["champion"]
    learnt = adoption_frames(refresh.settings, refresh.as_of, int(settings["adoption_horizon_days"]))
    beside = ("contract_names", "past_lists", "families")
    return [*learnt, champion, *(read_frame(refresh.home.features / f"features_{name}.parquet") for name in beside)]


def _allocation_frames(refresh: Refresh, settings: pd.Series) -> Frames:
    """Tonight's scores, candidates and seats, the last list, and the past cut to what a machine holds."""
    from dagster_project.assets.past_sample import adoption_frames

    home = refresh.home
    tonight = [home.ml / "targeting" / "scores.parquet"]
    tonight += [
        home.features / f"features_{n}.parquet" for n in ("target_candidates", "target_seats", "listed_targets")
    ]
    months, adoptions, _ = adoption_frames(refresh.settings, refresh.as_of, int(settings["adoption_horizon_days"]))
    return [*(read_frame(path) for path in tonight), months, adoptions]


def _model(
    capability: str,
    predict,
    features: Sequence[str],
    tables: Mapping[str, str],
    *,
    predictions: Sequence[str] = (),
    read: Callable[[Refresh, pd.Series], Frames] | None = None,
    carried: Mapping[str, str] | None = None,
) -> dg.AssetsDefinition:
    """Whole frames are read, of `predictions` of others first, unless `read` says otherwise; tables of `carried` are kept under a name for later nights."""
    specs = [
        dg.AssetSpec(
            ["ml", capability, table],
            deps=[
                *(dg.AssetKey(["ml", *name.split("/")]) for name in predictions),
                *(dg.AssetKey(["features", f"features_{name}"]) for name in features),
            ],
            group_name="ml",
            owners=[OWNER],
            kinds={"scikitlearn", "parquet"},
            description=text,
        )
        for table, text in tables.items()
    ]

    @dg.multi_asset(name=capability, specs=specs, description=predict.__doc__)
    def model(refresh: Refresh) -> Iterator[dg.MaterializeResult]:
        from threadpoolctl import threadpool_limits

        home = refresh.home
        settings = read_frame(next((home.raw / "company" / "settings").glob("[!_]*.parquet"))).iloc[0]
        paths = [home.ml / f"{name}.parquet" for name in predictions]
        paths += [home.features / f"features_{name}.parquet" for name in features]
        frames = read(refresh, settings) if read else [read_frame(path) for path in paths]
        # Frames of one company are small: threads of the numeric libraries would spin for longer than they work.
        with threadpool_limits(1):
            outputs = predict(frames, refresh.as_of, settings)
        for table, types in import_module(f"models_ml.{capability}").OUTPUTS.items():
            path = home.ml / capability / f"{table}.parquet"
            rows = write_frame(outputs[table], types, path)
            if carried and table in carried:
                carry(home, carried[table], refresh.as_of, path if rows else None)
            metadata = {"dagster/row_count": rows, "preview": dg.MetadataValue.md(_preview(outputs[table]))}
            yield dg.MaterializeResult(asset_key=["ml", capability, table], metadata=metadata)

    return model


def _preview(frame: pd.DataFrame) -> str:
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + "---|" * len(frame.columns)]
    rows = frame.head(12).itertuples(index=False)
    return "\n".join([*lines, *("| " + " | ".join(str(value)[:60] for value in row) + " |" for row in rows)])


models = [
    _model(
        "volume",
        estimate_trends,
        ("volume_months", "public_years", "claim_lags"),
        {
            "trends": "Yearly growth of each provider and family, shrunk, with its interval.",
            "provider_trends": "The same for all focus families together.",
        },
    ),
    _model(
        "targeting",
        score_adoption,
        ("provider_months", "adoptions", "provider_diagnoses", "contract_names", "past_lists", "families"),
        {
            "scores": "Probability of a first own order within the horizon, with reasons.",
            "report": "What the scores are worth out of time, beside their baselines.",
            "champion": "The fitted model that scored, written down for the nights that follow.",
        },
        read=_adoption_frames,
        carried={"champion": CHAMPIONS},
    ),
    _model(
        "allocation",
        allocate_calls,
        ("target_candidates", "target_seats", "listed_targets", "provider_months", "adoptions", "provider_diagnoses"),
        {
            "plan": "Tonight's list by rep, what changed and why, and who left it.",
            "response": "What each further call of a quarter adds, as the company's past quarters show it.",
        },
        predictions=("targeting/scores",),
        read=_allocation_frames,
    ),
    _model(
        "blind_spots",
        find_rising,
        ("volume_months", "claim_lags", "provider_status"),
        {"rising": "Providers whose volume rises while nobody calls, with p- and q-values."},
    ),
    _model(
        "forecasting",
        forecast_quarters,
        ("deals", "deal_stages", "stages", "reps", "commits", "quotas", "order_months"),
        {
            "calibration": "Stage-to-close probabilities with open deals censored.",
            "opportunity_forecasts": "Each open deal's chance, ever and this quarter.",
            "forecasts": "The quarters' P10, P50 and P90 by rep, territory, region and company.",
            "report": "What the forecast was worth in past quarters, beside stated probabilities and stage averages.",
        },
    ),
    _model(
        "territories",
        judge_territories,
        ("territory_months", "team_territories"),
        {
            "verdicts": "Each territory's year against what its opportunity, workload and time in seat predict.",
            "manager_verdicts": "The same for each manager's whole team.",
        },
    ),
    _model(
        "alignment",
        propose_moves,
        ("alignment_zips",),
        {
            "proposals": "ZIPs that would better belong to a neighbour, why, and what the move does.",
            "balance": "A sentence on each territory that is out of balance: what the moves come to, and what is left.",
        },
    ),
    _model(
        "compliance",
        audit_plans,
        ("audited_providers", "audited_calls"),
        {"findings": "What the audit judged of reps' years, tonight's list, payments and frequencies."},
        predictions=("allocation/plan",),
    ),
]

"""A company whose truth is known: deals arrive, move through stages every other day, and are won or lost.

Here belong the simulated worlds of the forecast's tests, and that they are what they claim to be.
"""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

START = np.datetime64("2022-01-03")
STEP = 2  # days a move takes at least


@dataclass
class World:
    """Good exits (ahead, in the last stage won) and bad ones (lost) by stage; losses come late."""

    advance: tuple[float, ...] = (0.7, 0.7, 0.65, 0.6)  # chance that a fresh deal of average kind leaves the stage well
    weeks: tuple[float, ...] = (4.0, 5.0, 5.0, 4.0)
    arrivals: float = 0.5  # deals a week and territory
    territories: int = 8
    shock: float = 0.25
    local: float = 0.0
    rep: float = 0.2
    amount_effect: float = -0.3
    slow_loss: float = 1.5
    back: float = 0.03
    stated: tuple[float, ...] | None = None
    names: tuple[str, ...] | None = None
    first_month: int = 1
    horizon: int = 1092
    seed: int = 0
    break_at: int | None = None
    break_to: float = 1.0
    state: dict = field(default_factory=dict)

    def stage_names(self) -> tuple[str, ...]:
        return self.names or tuple(f"S{place}" for place in range(len(self.advance)))


def quarter_index(day: int, first_month: int) -> int:
    month = (START + np.timedelta64(day, "D")).astype("datetime64[M]").astype(int)
    return int((month - (first_month - 1)) // 3)


class Company:
    """The deals of a world, in arrays; `run` moves them on a number of days."""

    def __init__(self, world: World, copies: int = 1, parent: "Company | None" = None, seed: int | None = None):
        self.world, self.copies = world, copies
        self.rng = np.random.default_rng(world.seed if seed is None else seed)
        self.rows: list[tuple] = []
        if parent is None:
            self.day = 0
            self.rep_effect = world.rep * self.rng.standard_normal(world.territories)
            self.size = 10.0 + 0.3 * self.rng.standard_normal(world.territories)
            self.pace = np.exp(0.4 * self.rng.standard_normal(world.territories)) * world.arrivals
            self.shocks: dict[int, np.ndarray] = {}
            self.local: dict[int, np.ndarray] = {}
            self.fields = {name: np.zeros(0) for name in FIELDS}
        else:
            self.day, self.rep_effect, self.size, self.pace = parent.day, parent.rep_effect, parent.size, parent.pace
            now = quarter_index(self.day, world.first_month)
            self.shocks = {q: np.repeat(v[:1], copies, axis=0) for q, v in parent.shocks.items() if q < now}
            self.local = {q: np.repeat(v[:1], copies, axis=0) for q, v in parent.local.items() if q < now}
            still = parent.fields["status"] == 0
            base = {name: values[still] for name, values in parent.fields.items()}
            self.fields = {name: np.tile(values, copies) for name, values in base.items()}
            self.fields["path"] = np.repeat(np.arange(copies), still.sum()).astype(float)
            if now in parent.shocks and parent.day > 0:
                started = quarter_index(self.day - STEP, world.first_month) == now
                if started:
                    self.shocks[now] = np.repeat(parent.shocks[now][:1], copies, axis=0)
                    self.local[now] = np.repeat(parent.local[now][:1], copies, axis=0)

    def run(self, days: int, record: bool = False) -> np.ndarray:
        """Money won by path, territory and fiscal quarter ahead (current first)."""
        world, rng = self.world, self.rng
        first = quarter_index(self.day, world.first_month)
        won = np.zeros((self.copies, world.territories, 40))
        stages = len(world.advance)
        for _ in range(days // STEP):
            quarter = quarter_index(self.day, world.first_month)
            if quarter not in self.shocks:
                self.shocks[quarter] = world.shock * rng.standard_normal(self.copies) - world.shock**2 / 2
                self.local[quarter] = world.local * rng.standard_normal((self.copies, world.territories))
            self._arrive(record)
            f = self.fields
            alive = np.flatnonzero(f["status"] == 0)
            stage, ground, path = (f[name][alive].astype(int) for name in ("stage", "territory", "path"))
            advance, mean = np.array(world.advance)[stage], np.array(world.weeks)[stage]
            effect = self.rep_effect[ground] + world.amount_effect * f["z"][alive]
            is_last = stage == stages - 1
            effect = effect + is_last * (self.shocks[quarter][path] + self.local[quarter][path, ground])
            if world.break_at is not None and self.day >= world.break_at:
                effect = effect + is_last * np.log(world.break_to)
            age = (self.day - f["entered"][alive]) / 7
            good = advance / mean * np.exp(effect)
            bad = (1 - advance) / mean * np.where(age < 3, 1 / (1 + world.slow_loss), 1 + world.slow_loss / 3)
            back = np.where(stage > 0, world.back / mean, 0.0)
            total = good + bad + back
            leaves = rng.random(len(alive)) < 1 - np.exp(-total * STEP / 7)
            kind = rng.random(len(alive)) * total
            is_good, is_bad = leaves & (kind < good), leaves & (kind >= good) & (kind < good + bad)
            wins = is_good & is_last
            np.add.at(won, (path[wins], ground[wins], quarter - first), f["amount"][alive[wins]])
            f["status"][alive[wins]], f["status"][alive[is_bad]] = 1, 2
            f["ended"][alive[wins | is_bad]] = self.day + 1
            moved = leaves & ~wins & ~is_bad
            f["stage"][alive[moved]] += np.where(is_good[moved], 1, -1)
            f["entered"][alive[moved]] = self.day + STEP
            if record:
                self._record(alive[leaves])
            self.day += STEP
        return won

    def _arrive(self, record: bool) -> None:
        world, rng = self.world, self.rng
        counts = rng.poisson(self.pace * STEP / 7, (self.copies, world.territories))
        path, ground = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
        z = rng.standard_normal(len(path))
        new = {
            "path": path.astype(float), "territory": ground.astype(float), "z": z,
            "amount": np.exp(self.size[ground] + 0.6 * z), "created": np.full(len(path), float(self.day)),
            "stage": np.zeros(len(path)), "entered": np.full(len(path), float(self.day)),
            "status": np.zeros(len(path)), "ended": np.full(len(path), np.nan),
        }  # fmt: skip
        before = len(self.fields["stage"])
        self.fields = {name: np.concatenate([self.fields[name], new[name]]) for name in FIELDS}
        if record:
            self.rows += [(before + i, 0, 0, self.day) for i in range(len(path))]

    def _record(self, deals: np.ndarray) -> None:
        f = self.fields
        self.rows += [(int(i), int(f["stage"][i]), int(f["status"][i]), self.day + 1) for i in deals]

    def frames(self) -> dict[str, pd.DataFrame]:
        """The input frames of the forecast as of the end of the last simulated day."""
        world, f = self.world, self.fields
        names, count = world.stage_names(), len(world.advance)
        stated = np.array(world.stated or np.linspace(0.1, 0.8, count))
        day = lambda days: (START + np.asarray(days).astype("timedelta64[D]")).astype("datetime64[us]")  # noqa: E731
        status, stage = f["status"].astype(int), f["stage"].astype(int)
        ids = np.array([f"D{i:06d}" for i in range(len(stage))])
        territory = np.array([f"T{t:02.0f}" for t in f["territory"]])
        ground = f["territory"].astype(int)
        label = np.where(status == 0, np.array(names)[stage], np.where(status == 1, "Won", "Lost"))
        close_on = day(np.where(status == 0, f["entered"] + 56, f["ended"]))
        deals = pd.DataFrame(
            {
                "opportunity_id": ids, "territory_id": territory, "region": np.where(ground % 2, "East", "West"),
                "rep_id": [f"R{g:02d}" for g in ground], "account_id": "A", "npi": None, "procedure_family": "hip",
                "created_on": day(f["created"]), "stage": label,
                "stage_order": np.where(status == 0, stage + 1, count + status), "is_closed": status > 0,
                "is_won": status == 1, "closed_on": pd.Series(close_on).where(status > 0), "amount_usd": f["amount"],
                "close_on": close_on, "stated_probability": np.where(status == 0, stated[stage], status == 1),
                "slip_count": 0, "calls_90d": 0, "contacts_called": 0,
            }
        )  # fmt: skip
        rows = pd.DataFrame(self.rows, columns=["deal", "place", "status", "day"]).sort_values(["deal", "day"])
        deal, place, end = rows["deal"].to_numpy(), rows["place"].to_numpy(), rows["status"].to_numpy()
        stays = pd.DataFrame(
            {
                "opportunity_id": ids[deal], "sequence": rows.groupby("deal").cumcount() + 1,
                "stage": np.where(end == 0, np.array(names)[place], np.where(end == 1, "Won", "Lost")),
                "stage_order": np.where(end == 0, place + 1, count + end), "is_closed": end > 0, "is_won": end == 1,
                "entered_at": day(rows["day"]), "amount_usd": f["amount"][deal],
                "stated_probability": np.where(end == 0, stated[place], end == 1),
                "close_on": day(rows["day"] + 56),
            }
        )  # fmt: skip
        stays["left_at"] = stays.groupby("opportunity_id")["entered_at"].shift(-1)
        stages = pd.DataFrame(
            {
                "stage": [*names, "Won", "Lost"], "stage_order": range(1, count + 3),
                "is_closed": [False] * count + [True, True], "is_won": [False] * count + [True, False],
                "stated_probability": [*stated, 1.0, 0.0],
            }
        )  # fmt: skip
        grounds = range(world.territories)
        reps = pd.DataFrame(
            {
                "rep_id": [f"R{g:02d}" for g in grounds], "territory_id": [f"T{g:02d}" for g in grounds],
                "region": ["East" if g % 2 else "West" for g in grounds], "manager_id": "M", "is_active": True,
            }
        )  # fmt: skip
        return {
            "deals": deals, "deal_stages": stays, "stages": stages, "reps": reps,
            "commits": pd.DataFrame(columns=["rep_id", "quarter_start", "submitted_on", "category", "amount_usd"]),
            "quotas": pd.DataFrame(columns=["rep_id", "quarter_start", "quota_usd"]),
            "order_months": pd.DataFrame(
                columns=["territory_id", "rep_id", "procedure_family", "month", "quantity", "amount_usd", "is_existing_customer"]
            ),
        }  # fmt: skip

    def as_of(self) -> dt.date:
        return (START + np.timedelta64(self.day - 1, "D")).astype(object)


FIELDS = ("path", "territory", "z", "amount", "created", "stage", "entered", "status", "ended")


def grown(world: World) -> Company:
    """A company with its whole history recorded."""
    company = Company(world)
    company.run(world.horizon, record=True)
    return company


def futures(company: Company, days: int, copies: int, seed: int) -> np.ndarray:
    """Money won by path, territory and quarter when the same company goes on, as its own truth would have it."""
    return Company(company.world, copies=copies, parent=company, seed=seed).run(days)


def test_the_world_is_what_it_claims_to_be() -> None:
    company = grown(World(seed=1, shock=0.0, rep=0.0, amount_effect=0.0, slow_loss=0.0, back=0.0))
    frames = company.frames()
    settled = frames["deals"][frames["deals"]["created_on"] < "2024-01-01"]
    assert abs(settled["is_won"].mean() - np.prod(company.world.advance)) < 0.05
    assert (frames["deal_stages"].groupby("opportunity_id")["entered_at"].is_monotonic_increasing).all()

"""`make bench-models`: what the scores of adoption are worth on many seeds, and what the size of a country costs.

Belongs here: who is run how often, and the figures in docs/evaluation.md between its two marks. Not here: the worlds (`models_settings`,
`models_sample`, `models_nation`).
"""

import argparse
import json
import os
import sys
from pathlib import Path

import pandas as pd

from dagster_project.lock import Busy, held
from tests.bench.bench_ingest import PROJECT, run
from tests.bench.models_sample import sample_features, sample_figures
from tests.bench.models_settings import BY_INDICATION, BY_SPECIALTY, SETTINGS, kept

PAGE = PROJECT / "docs" / "evaluation.md"
# Measured are companies that nobody looked at while the models were chosen: the choices fell on settings of the seeds 0 to 99, on
# sample worlds 1 to 20, and on worlds 1 to 3 of those in which nothing foretells an order.
FIRST_SEED, FIRST_WORLD, FIRST_NULL = 100, 21, 21
BEGIN, END = "<!-- figures: make bench-models -->", "<!-- end of figures -->"
COLUMNS = "| setting | seeds | first orders | lift of oracle | ≥ 0.85 | volume's lift of oracle | the list's lift of oracle | above volume | slope 0.8–1.2 | slope | mean given / true | baseline published | lift covers 1 |"


def row_of(name: str, figures: pd.DataFrame) -> str:
    """One line of the table: medians, with the least and the most, and how many of the seeds."""

    def span(column: str) -> str:
        low, middle, high = figures[column].quantile([0, 0.5, 1])
        # Where the truth has no slope, as without signal, there is none to report.
        if pd.isna(middle):
            return "–"
        return f"{middle:.2f} ({low:.2f}–{high:.2f})"

    seeds = len(figures)
    counts = {
        "good": (figures["lift"] >= 0.85).sum(),
        "above": (figures["lift"] > figures["lift_volume"]).sum(),
        "slope": figures["slope"].between(0.8, 1.2).sum(),
        "baseline": (figures["published"] == "volume").sum(),
        "covers": figures["covers_one"].sum(),
    }
    told = {key: f"{count} of {seeds}" for key, count in counts.items()}
    return (
        f"| {name} | {seeds} | {figures['orders'].median():.0f} | {span('lift')} | {told['good']} | {span('lift_volume')} | {span('lift_list')} | {told['above']}"
        f" | {told['slope']} | {span('slope')} | {span('level')} | {told['baseline']} | {told['covers']} |"
    )


def simulated(folder: Path, seeds: int) -> tuple[list[str], list[str]]:
    """A line a setting, and what is said of them below the table."""
    figures, lines = {}, []
    for name, (meant, _) in SETTINGS.items():
        figures[name] = pd.DataFrame([kept(folder, name, seed) for seed in range(FIRST_SEED, FIRST_SEED + seeds)])
        lines.append(row_of(f"{name}: {meant}", figures[name]))
        print(lines[-1], flush=True)
    gain = figures[BY_INDICATION]["lift"] - figures[BY_SPECIALTY]["lift"]
    said = (
        f"Ranking by indication against ranking by specialty, the same companies and all else alike: better in {(gain > 0).sum()} of {seeds},"
        f" by {gain.median():.2f} of the oracle's lift ({gain.min():.2f}–{gain.max():.2f})."
    )
    return lines, ["", said]


def sample_worlds(folder: Path, seeds: int) -> list[str]:
    """Whole worlds by way of files, border and dbt: against who knows everything, and against the best of what is seen."""
    numbers = range(FIRST_WORLD, FIRST_WORLD + seeds)
    figures = pd.DataFrame(sample_figures([sample_features(folder, seed) for seed in numbers]))
    lines = [row_of("sample world, oracle that knows hidden traits", figures)]
    if "of_seen" in figures:
        of_seen = figures["of_seen"] / figures["lift"]
        named = ["lift", "lift_volume", "lift_list"]
        seen = figures.assign(**{name: figures[name] * of_seen for name in named})
        lines.append(row_of("sample world, best answer from what is seen", seen))
    print(*lines, sep="\n", flush=True)
    return lines


def null_worlds(folder: Path, seeds: int) -> list[str]:
    """Whole worlds in which nothing foretells an order of whoever could order at all."""
    numbers = range(FIRST_NULL, FIRST_NULL + seeds)
    figures = pd.DataFrame(sample_figures([sample_features(folder, seed, signal=False) for seed in numbers]))
    lines = [row_of("sample world in which nothing foretells an order", figures)]
    print(*lines, sep="\n", flush=True)
    return lines


def nation(folder: Path, providers: int) -> list[str]:
    """A process of its own reads and scores; its peak memory is its own."""
    home = folder / f"nation_{providers}"
    command = [sys.executable, "-m", "tests.bench.models_nation", str(home), "--providers", str(providers)]
    os.environ["OMP_NUM_THREADS"] = "1"
    if not (home / "lake" / "features" / "features_provider_diagnoses.parquet").exists():
        run([*command, "--write"])
    (_, _, peak), said = run(command)
    told = json.loads(said)
    return [
        "",
        f"{providers:,} providers over 36 months: {told['scored']:,} scored, learnt from {told['past_rows']:,} provider-months of the past"
        f" (all of whoever ordered, of the others a random part, weighted) with {told['orders']:,} first orders;"
        f" {told['wall_s']:.0f} s ({told['read_s']:.0f} s of it reading), {told['cpu_s']:.0f} CPU s, {peak:,.0f} MB at most, on {os.cpu_count()} cores"
        f" on which {told['load']:.1f} processes ran or waited to run meanwhile, this one among them.",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=PROJECT / "data" / "bench")
    parser.add_argument("--seeds", type=int, default=20, help="of each simulated setting")
    parser.add_argument("--worlds", type=int, default=20, help="whole sample worlds, a minute each where not yet built")
    parser.add_argument("--nulls", type=int, default=3, help="whole sample worlds without any effect")
    parser.add_argument("--providers", type=int, default=1_000_000, help="of the country; 0 leaves it out")
    chosen = parser.parse_args()
    try:
        # Two that build one world tear each other's files.
        with held(chosen.folder / "models.lock"):
            measure(chosen)
    except Busy:
        sys.exit(f"another bench of the models writes into {chosen.folder}: wait for it, or give another --folder")


def measure(chosen: argparse.Namespace) -> None:
    """All lines, then the page."""
    sys.path.insert(0, str(PROJECT / "data"))
    of_settings, said = simulated(chosen.folder, chosen.seeds)
    lines = [COLUMNS, "|" + "---|" * (COLUMNS.count("|") - 1), *of_settings]
    lines += sample_worlds(chosen.folder, chosen.worlds) if chosen.worlds else []
    lines += null_worlds(chosen.folder, chosen.nulls) if chosen.nulls else []
    lines += said
    lines += nation(chosen.folder, chosen.providers) if chosen.providers else []
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

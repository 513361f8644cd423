"""`make bench-ingest`: the border beside plain DuckDB on national files, in turns, in one run.

Belongs here: who runs against whom and what is printed. Not here: the files (`world`), the rival (`rival`). CPU time is
the figure to judge by: wall time tells as much about the machine's other users.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.rival import stored_columns
from tests.bench.world import LAYOUTS, Layout, write

PROJECT = Path(__file__).resolve().parents[2]
YARDSTICK = PROJECT.parent / "shared" / "yardsticks" / "y1_ingest.py"
Measured = tuple[float, float, float]


def run(command: list[str]) -> tuple[Measured, str]:
    """CPU seconds, wall seconds and peak MB of one process, and what it printed last."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"failed: {' '.join(command)}\n{said}")
    wall = time.perf_counter() - start
    return (used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024), said.strip().splitlines()[-1]


def commands(layout: Layout, folder: Path) -> dict[str, list[str]]:
    path, target = layout.path(folder), str(folder / "out.parquet")
    python = [sys.executable, "-m"]
    found = {
        "product": [*python, "tests.bench.product", layout.source, str(layout.landing(folder)), str(folder / "home")],
        "rival": [*python, "tests.bench.rival", layout.name, str(path), target],
    }
    if YARDSTICK.exists():
        with open(path, encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        types = dict.fromkeys(header, "VARCHAR") | stored_columns(layout, header)
        found["yardstick"] = [sys.executable, str(YARDSTICK), str(path), target, json.dumps(types), layout.dateformat]
    return found


def measure(layout: Layout, folder: Path, repetitions: int) -> dict:
    rivals = commands(layout, folder)
    taken: dict[str, list[Measured]] = {name: [] for name in rivals}
    told, unchanged = {}, []
    for repetition in range(repetitions):
        for name in sorted(rivals, reverse=repetition % 2 == 1):
            if name == "product":
                shutil.rmtree(folder / "home", ignore_errors=True)
            used, said = run(rivals[name])
            taken[name].append(used)
            if name == "product":
                told = json.loads(said)
                unchanged.append(json.loads(run(rivals[name])[1])["seconds"])
    shutil.rmtree(folder / "home", ignore_errors=True)
    (folder / "out.parquet").unlink(missing_ok=True)
    best = {
        name: {
            "cpu_s": round(min(run[0] for run in runs), 2),
            "wall_s": round(min(run[1] for run in runs), 2),
            "peak_mb": round(max(run[2] for run in runs)),
        }
        for name, runs in taken.items()
    }
    ratios = {
        name: {unit: round(best["product"][unit] / best[name][unit], 2) for unit in best[name]}
        for name in best
        if name != "product"
    }
    return {"layout": layout.name, **best, "ratios": ratios, "unchanged_s": min(unchanged), "told": told}


def together(layouts: list[Layout], folder: Path, found: list[dict], repetitions: int) -> dict:
    """All files in one process, as a night takes them, beside the sum of the yardstick's processes."""
    pairs = [word for layout in layouts for word in (layout.source, str(layout.landing(folder)))]
    home = folder / "home"
    runs = []
    for _ in range(repetitions):
        shutil.rmtree(home, ignore_errors=True)
        runs.append(run([sys.executable, "-m", "tests.bench.product", *pairs, str(home)])[0])
    shutil.rmtree(home, ignore_errors=True)
    rival = "yardstick" if "yardstick" in found[0] else "rival"
    cpu, summed = min(one[0] for one in runs), sum(one[rival]["cpu_s"] for one in found)
    return {
        "layout": "all in one night",
        "cpu_s": round(cpu, 2),
        "peak_mb": round(max(one[2] for one in runs)),
        f"{rival}_cpu_s": round(summed, 2),
        "ratio_cpu": round(cpu / summed, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=PROJECT / "data" / "bench")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--rows", type=float, default=1.0, help="share of the national number of rows")
    parser.add_argument("--layout", choices=[layout.name for layout in LAYOUTS], action="append")
    chosen = parser.parse_args()
    folder = chosen.folder.resolve() if chosen.rows == 1 else chosen.folder.resolve() / f"share-{chosen.rows:g}"
    if not YARDSTICK.exists():
        print("../shared/yardsticks is not there: measured against the project's own rival alone")
    print(f"{'layout':18}{'command':11}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}  product is, by CPU / wall / memory")
    results = []
    for layout in [one for one in LAYOUTS if not chosen.layout or one.name in chosen.layout]:
        write(layout, folder, int(layout.rows * chosen.rows))
        found = measure(layout, folder, chosen.repetitions)
        results.append(found)
        for name in ("product", "rival", "yardstick"):
            if name in found:
                one, ratio = found[name], found["ratios"].get(name)
                said = f"  {ratio['cpu_s']:.2f} x / {ratio['wall_s']:.2f} x / {ratio['peak_mb']:.2f} x" if ratio else ""
                print(
                    f"{layout.name:18}{name:11}{one['cpu_s']:9.2f}{one['wall_s']:9.2f}{one['peak_mb']:9d}{said}",
                    flush=True,
                )
        print(f"{layout.name:18}unchanged{found['unchanged_s']:20.3f}", flush=True)
    if len(results) == len(LAYOUTS):
        night = together(list(LAYOUTS), folder, results, chosen.repetitions)
        print(f"{night['layout']:18}product    {night['cpu_s']:9.2f}{night['peak_mb']:18d}  {night['ratio_cpu']:.2f} x")
        results.append(night)
    print(json.dumps(results))


if __name__ == "__main__":
    main()

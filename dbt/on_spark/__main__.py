"""`make spark`: build core, features and marts on Spark over a finished home's lake, and prove every mart and every table of features
equal to DuckDB's.

Belongs here: what is asked for, in which order it is done and what is printed. Not here: any of the steps.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from on_spark import build, compare, java, lake
from on_spark.session import Cost, end, open_session


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m on_spark", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="a home whose night is finished: its lake, published/")
    parser.add_argument("--memory", default="3g", help="memory of the Spark driver")
    parser.add_argument("--threads", type=int, default=2, help="cores of Spark, and models built at once")
    parser.add_argument("--partitions", type=int, default=1, help="parts into which Spark shuffles")
    parser.add_argument("--select", help="dbt's selection; all models unless given, and only what is built is compared")
    parser.add_argument("--keep", type=Path, help="an empty folder for Spark's tables, which then outlive the run")
    parser.add_argument("--told", type=Path, help="a JSON file for what was measured and found")
    given = parser.parse_args()
    home = given.home.resolve()
    if not (home / "published" / "current" / "manifest.json").exists():
        parser.error(
            f"{given.home} has no finished night to compare with; run one first: fieldscope run --home {given.home}"
        )
    if missing := java.what_is_missing():
        parser.error(missing)
    if given.keep and given.keep.exists() and any(given.keep.iterdir()):
        parser.error(f"--keep {given.keep} is not empty; name another folder, or remove what an earlier run left there")
    with tempfile.TemporaryDirectory(prefix="fieldscope_spark_") as scratch:
        folder = (given.keep or Path(scratch)).resolve()
        (folder / "scratch").mkdir(parents=True, exist_ok=True)
        try:
            return _prove(given, home, folder)
        except (lake.LakeError, build.SparkBuildError) as found:
            parser.exit(1, f"{found}\n")


def _prove(given: argparse.Namespace, home: Path, folder: Path) -> int:
    refresh = json.loads((home / "published" / "current" / "manifest.json").read_text())
    started = time.monotonic()
    manifest = build.parse(folder, refresh["as_of"])
    session = open_session(folder, given.memory, given.threads, given.partitions)
    lake.show_sources(session, manifest.to_dict(), home / "lake")
    built = build.run(folder, refresh["as_of"], manifest, given.threads, given.select)
    cost = end(session, started)
    failed = {name: reason for name, reason in built.items() if reason}
    for model, reason in failed.items():
        print(f"{model}: {reason.strip().splitlines()[0]}")
    print(f"{len(built)} models on Spark in {cost}; {len(failed)} failed or were left out.")
    verdicts = {
        "marts": _compare(built, folder, "marts", home / "published" / "current" / "parquet", refresh["refresh_id"]),
        "features": _compare(built, folder, "features", home / "lake" / "features", refresh["refresh_id"]),
    }
    for floor, found in verdicts.items():
        if found:
            print(compare.summary(floor, found))
    if given.told:
        given.told.write_text(json.dumps(_told(cost, failed, verdicts), indent=1))
    return 0 if not failed and all(v.equal for found in verdicts.values() for v in found) else 1


def _compare(built: dict[str, str], folder: Path, floor: str, expected: Path, refresh_id: str) -> list[compare.Verdict]:
    verdicts = []
    for table in sorted(name.removeprefix(f"{floor}.") for name in built if name.startswith(f"{floor}.")):
        on_spark = folder / "warehouse" / f"{floor}.db" / table
        verdicts.append(compare.compare(table, expected / f"{table}.parquet", on_spark, refresh_id))
        print(verdicts[-1], flush=True)
    return verdicts


def _told(cost: Cost, failed: dict[str, str], verdicts: dict[str, list[compare.Verdict]]) -> dict:
    found = {floor: [{**asdict(v), "equal": v.equal} for v in listed] for floor, listed in verdicts.items()}
    return {**asdict(cost), "failed": failed, **found}


if __name__ == "__main__":
    sys.exit(main())

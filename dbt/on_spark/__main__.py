"""`make spark`: build core, features and marts on Spark over a finished home's lake, and prove every mart equal to the published one."""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from on_spark import build, compare, lake
from on_spark.session import open_session


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m on_spark", description=__doc__)
    parser.add_argument(
        "--home", type=Path, required=True, help="a home whose night is finished: its lake and published/"
    )
    parser.add_argument("--memory", default="2g", help="memory of the Spark driver")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--partitions", type=int, default=2, help="parts into which Spark shuffles")
    parser.add_argument("--select", help="dbt's selection; all models unless given")
    parser.add_argument("--keep", type=Path, help="a folder for Spark's tables that outlives the run")
    given = parser.parse_args()
    release = given.home.resolve() / "published" / "current"
    if not (release / "manifest.json").exists():
        parser.error(
            f"{given.home} has no published refresh to compare with; run `fieldscope run --home {given.home}` first"
        )
    with tempfile.TemporaryDirectory(prefix="fieldscope_spark_") as scratch:
        folder = (given.keep or Path(scratch)).resolve()
        (folder / "scratch").mkdir(parents=True, exist_ok=True)
        return _prove(given, release, folder)


def _prove(given: argparse.Namespace, release: Path, folder: Path) -> int:
    refresh = json.loads((release / "manifest.json").read_text())
    started = time.monotonic()
    manifest = build.parse(folder, refresh["as_of"])
    session = open_session(folder, given.memory, given.threads, given.partitions)
    lake.show_sources(session, manifest.to_dict(), given.home.resolve() / "lake")
    failed = build.run(folder, refresh["as_of"], manifest, given.select)
    session.stop()
    for model, reason in failed.items():
        print(f"{model}: {reason.strip().splitlines()[0]}")
    print(f"Built on Spark in {time.monotonic() - started:.0f} s, {len(failed)} models failed or were left out.")
    marts = sorted(n.name for n in manifest.nodes.values() if n.resource_type == "model" and n.fqn[1] == "marts")
    verdicts = []
    for mart in marts:
        published = release / "parquet" / f"{mart}.parquet"
        if not published.exists():
            verdict = compare.Verdict(mart, problem="it is not among the published marts")
        else:
            verdict = compare.compare(mart, published, folder / "warehouse" / "marts.db" / mart, refresh["refresh_id"])
        verdicts.append(verdict)
        print(verdict)
    equal = sum(verdict.equal for verdict in verdicts)
    print(f"{equal} of {len(verdicts)} marts are equal.")
    return 0 if equal == len(verdicts) and not failed else 1


if __name__ == "__main__":
    sys.exit(main())

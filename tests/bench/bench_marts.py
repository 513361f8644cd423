"""`make bench-marts`: core and marts of a country, built by dbt, beside straight SQL for the same figures; and the next night.

Belongs here: who runs against whom, whether both say the same, and what is printed. Not here: the lake (`nation_lake`), the two
sides (`product_marts`, `rival_marts`). CPU time is the figure to judge by: wall time tells as much about the machine's other users.
"""

import argparse
import json
import os
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import duckdb

from dagster_project.parquet import quoted
from tests.bench.bench_ingest import PROJECT, run
from tests.bench.nation_lake import FIRST_NIGHT, NEXT_NIGHT, lake_of, lake_of_next_night, lake_of_quiet_night

# The same figures on both sides, by the tables and columns of each. Estimated months are compared to a thousandth.
SAME = {
    "services": (
        "select npi, procedure_family, period_start, period_grain, round(services, 3), is_estimated from product.marts.provider_procedures",
        # The product withholds whoever opted out from what the field reads; the rival knows of no such thing.
        "select npi, procedure_family, period_start, period_grain, round(services, 3), is_estimated from rival.provider_procedures"
        " where npi not in (select npi from product.intermediate.int_providers_opted_out)",
    ),
    "payments": (
        "select npi, manufacturer, payment_year, nature, relation, payments, amount_usd from product.marts.provider_payments",
        "select * from rival.provider_payments",
    ),
    "annual volumes": (
        "select npi, annual_volume, prior_annual_volume from product.intermediate.int_provider_volume_summary"
        " where coalesce(annual_volume, prior_annual_volume) is not null",
        "select npi, annual_volume, prior_annual_volume from rival.provider_volumes"
        " where coalesce(annual_volume, prior_annual_volume) is not null",
    ),
    "volumes by day": (
        "select npi, procedure_family, snapshot_on, volume_12m, prior_volume_12m, volume_3m, volume_3m_year_ago, active_months_12m"
        " from product.intermediate.int_volume_by_snapshot",
        "select * from rival.volume_by_snapshot",
    ),
    "payments of three years": (
        "select npi, own_payments_usd, competitor_payments_usd from product.intermediate.int_provider_payment_totals",
        "select npi, own_payments_usd, competitor_payments_usd from rival.payment_totals",
    ),
    "payments by day": (
        "select npi, snapshot_on, competitor_payments_36m_usd, competitor_payments_12m_usd"
        " from product.intermediate.int_payments_by_snapshot",
        "select npi, snapshot_on, competitor_payments_36m_usd, competitor_payments_12m_usd from rival.payments_by_snapshot",
    ),
}


def differences(product: Path, rival: Path) -> dict[str, int]:
    """Rows that only one side has, by figure; a figure that both sides give alike is left out, and none may be empty."""
    found = {}
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(product)} as product (read_only); attach {quoted(rival)} as rival (read_only)")
        for figure, (ours, theirs) in SAME.items():
            rows, odd = con.execute(
                f"select (select count(*) from ({ours})), (select count(*) from (({ours}) except all ({theirs})))"
                f" + (select count(*) from (({theirs}) except all ({ours})))"
            ).fetchone()
            if odd or not rows:
                found[figure] = odd or -1
    return found


def build(home: Path, lake: Path, night: str, *options: str) -> dict:
    """One build of the product in a process of its own; the lake is read where it lies."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "lake").exists():
        (home / "lake").mkdir()
        (home / "lake" / "raw").symlink_to(lake / "raw")
    (cpu, wall, peak), said = run([sys.executable, "-m", "tests.bench.product_marts", str(home), night, *options])
    return {
        **json.loads(said),
        "process_cpu_s": round(cpu, 1),
        "process_wall_s": round(wall, 1),
        "process_peak_mb": round(peak),
    }


def show(name: str, told: dict, more: str = "") -> None:
    disk = told.get("warehouse_mb", told.get("database_mb", 0))
    wall = told.get("wall_s", round(sum(took for what, took in told.items() if what.endswith("_wall_s")), 1))
    spilled = told.get("spilled_mb", 0)
    print(f"{name:28}{told['cpu_s']:9.1f}{wall:9.1f}{told['peak_mb']:9d}{spilled:9d}{disk:9d}  {more}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=PROJECT / "data" / "bench")
    parser.add_argument("--rows", type=float, default=1.0, help="share of the country")
    parser.add_argument("--pairs", type=int, default=2, help="rounds of product and rival in turns")
    parser.add_argument("--memory-limit", default="4GB", help="what DuckDB may hold on either side before it spills")
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    lake = lake_of(folder, chosen.rows)
    work, first, later = lake.parent.parent / "work", str(FIRST_NIGHT), str(NEXT_NIGHT)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    os.environ["FIELDSCOPE_MEMORY_LIMIT"] = chosen.memory_limit
    print(f"{'':28}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'spill MB':>9}{'disk MB':>9}")
    ratios, rival_file = [], work / "rival.duckdb"
    for _ in range(chosen.pairs):
        shutil.rmtree(work / "race", ignore_errors=True)
        ours = build(work / "race", lake, first, "--race")
        said = run(
            [sys.executable, "-m", "tests.bench.rival_marts", str(lake), first, str(rival_file), chosen.memory_limit]
        )[1]
        theirs = json.loads(said)
        ratios.append(ours["cpu_s"] / theirs["cpu_s"])
        show("rival: volume and payments", theirs)
        apart = (ours["cpu_s"] - ours["linkage_s"]) / theirs["cpu_s"]
        linkage = f"{apart:.2f} x without linkage, for which the rival has nothing ({ours['linkage_s']:.1f} CPU s)"
        show("product: the same", ours, f"{ratios[-1]:.2f} x the rival; {linkage}")
    # Elsewhere: a process is born with the peak memory of the one that starts it, and this one starts all that are measured.
    with ProcessPoolExecutor(1, get_context("spawn")) as elsewhere:
        odd = elsewhere.submit(differences, work / "race" / "warehouse" / "warehouse.duckdb", rival_file).result()
    if odd:
        sys.exit(f"the two sides do not say the same, so the race tells nothing: {odd}")
    full = build(work / "whole", lake, first)
    show("product: core and marts", full)
    again = build(work / "whole", lake, first)
    show("the same night once more", again, f"{again['cpu_s'] / full['cpu_s']:.0%} of a full build")
    nights = {"a day of CRM": lake_of_quiet_night, "a month of claims, a day": lake_of_next_night}
    increments = {}
    for name, lake_of_night in nights.items():
        home = work / name.split(",")[0].replace(" ", "_")
        shutil.copytree(work / "whole", home, ignore=shutil.ignore_patterns("raw"))
        (home / "lake" / "raw").symlink_to(lake_of_night(folder, chosen.rows) / "raw")
        increments[name] = build(home, lake, later)
        show(name, increments[name], f"{increments[name]['cpu_s'] / full['cpu_s']:.0%} of a full build")
    told = {"rows": chosen.rows, "ratios": ratios, "full": full, "again": again, "increments": increments}
    print(json.dumps(told))


if __name__ == "__main__":
    main()

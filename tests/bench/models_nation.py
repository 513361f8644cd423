"""The size of a country for `make bench-models`: features of a million providers over 36 months, read and scored as a night does.

usage: python -m tests.bench.models_nation HOME [--providers N]

The features are drawn by DuckDB from each provider's number; orders follow volume and payments, so that there is something to learn.
"""

import argparse
import json
import os
import resource
import time
from datetime import date
from pathlib import Path

AS_OF, MONTHS, HORIZON = date(2026, 6, 30), 36, 180


def write_features(home: Path, providers: int) -> None:
    import duckdb

    from dagster_project.parquet import write_query

    folder = home / "lake" / "features"
    with duckdb.connect(config={"memory_limit": "3GB", "threads": 2}) as con:
        con.execute(f"""
            create table providers as
            select cast(1000000000 + range as varchar) as npi, 30 * exp(2.0 * (hash(range, 1) % 1000) / 1000 - 1) as level,
                (hash(range, 2) % 1000) / 1000.0 as held, hash(range, 3) % 40 as kind,
                case when (hash(range, 4) % 100000) / 100000.0
                    < 0.004 * exp(0.5 * (2.0 * (hash(range, 1) % 1000) / 1000 - 1) - 2 * (hash(range, 2) % 1000) / 1000.0 + 1)
                    then date '2023-07-01' + cast(hash(range, 5) % 1095 as integer) end as first_order_on
            from range({providers})""")
        write_query(con, "select npi, first_order_on from providers where first_order_on is not null order by all",
                    folder / "features_adoptions.parquet")  # fmt: skip
        write_query(con, f"""
            select npi, 'hip' as procedure_family, last_day(date '{AS_OF}' - to_months(cast(month as integer))) as snapshot_on,
                month = 0 as is_current, 'T' as territory_id, 'OH' as state, 'Specialty ' || kind as specialty,
                floor(level * (0.8 + (hash(npi, month) % 400) / 1000.0)) as volume_12m,
                floor(level * (0.8 + (hash(npi, month + 12) % 400) / 1000.0)) as prior_volume_12m,
                floor(level / 4) as volume_3m, floor(level / 4) as volume_3m_year_ago, 12 as active_months_12m,
                cast(hash(npi, 6) % 50 as double) as other_family_volume_12m, 200 as months_since_enumerated,
                false as is_new_to_family, floor(held * 30 + hash(npi, month, 7) % 5) as competitor_payments_36m,
                held * 900 as competitor_payments_36m_usd, held * 300 as competitor_payments_12m_usd, held as competitor_lock_in,
                hash(npi, 8) % 4 as facility_count, hash(npi, 9) % 3 = 0 as has_competitor_contract, hash(npi, 10) % 5 = 0 as has_own_contract,
                case when hash(npi, 9) % 3 = 0 then cast(hash(npi, month, 11) % 900 as double) end as days_to_competitor_contract_end,
                hash(npi, month, 12) % 4 as calls_3m, hash(npi, month, 12) % 9 as calls_12m, hash(npi, 12) % 30 as calls_ever,
                0 as trials_12m, 0 as marketing_responses_12m, hash(npi, 17) % 50 = 0 as is_access_closed, hash(npi, month, 18) % 3 as missed_calls_12m,
                hash(npi, month, 13) % 3 as marketing_touches_12m,
                hash(npi, 14) % 12 as peer_count, 0 as peers_adopted, hash(npi, 15) % 3 as facility_adopters
            from providers cross join (select range as month from range({MONTHS}))""",
            folder / "features_provider_months.parquet")  # fmt: skip
        write_query(con, f"""
            select npi, last_day(date '{AS_OF}' - to_months(cast(month as integer))) as snapshot_on, 'arthrosis' as diagnosis_family,
                cast(hash(npi, 16) % 40 as double) as lines_24m, 60.0 as lines_of_any_24m
            from providers cross join (select range as month from range({MONTHS}))""",
            folder / "features_provider_diagnoses.parquet")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--providers", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="only write the features")
    chosen = parser.parse_args()
    if chosen.write:
        write_features(chosen.home, chosen.providers)
        print(f"written to {chosen.home}")
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from threadpoolctl import threadpool_limits

    from dagster_project.assets.past_sample import adoption_frames
    from dagster_project.settings import Settings
    from models_ml.evaluation import typed_empty
    from models_ml.targeting import OUTPUTS, score_adoption

    start = time.perf_counter()
    settings = Settings(home=chosen.home)
    settings.paths.prepare()
    with threadpool_limits(1):
        frames = adoption_frames(settings, AS_OF, HORIZON)
        read = time.perf_counter() - start
        outcome = score_adoption(*frames, typed_empty(OUTPUTS)["champion"], AS_OF, HORIZON)
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "scored": len(outcome["scores"]),
        "past_rows": int(len(frames[0]) - frames[0]["is_current"].sum()),
        "orders": len(frames[1]),
        "read_s": round(read, 1),
        "wall_s": round(time.perf_counter() - start, 1),
        "load": os.getloadavg()[1],
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": used.ru_maxrss // 1024,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()

"""The grown way: the same dbt project built on a Spark session over the same lake, and its marts proved equal to DuckDB's.

    session    the Spark session: small, local, in UTC, with the functions that the models share with DuckDB
    functions  those functions: distances between names
    lake       dbt's sources as views on the lake's Parquet files
    build      dbt, called in this process on that session
    compare    every mart beside the published one, row for row
    __main__   `make spark`

Runs in an environment of its own (requirements-spark.lock). Nothing here is imported by the product, and nothing here is needed
on a cluster but `session` and `lake`.
"""

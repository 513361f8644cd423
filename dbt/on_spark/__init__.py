"""The grown way: the same dbt project built on a Spark session over the same lake, and its marts and features proved equal to DuckDB's.

    java       whether the Java that Spark needs is there
    session    the Spark session: small, local, in UTC, with the functions that the models share with DuckDB; what it cost
    functions  those functions: distances between names
    lake       dbt's sources as tables on the lake's Parquet files
    build      dbt, called in this process on that session
    compare    every table beside the one that DuckDB left, row for row
    __main__   `make spark`

Runs in an environment of its own (requirements-spark.lock). Nothing here is imported by the product, and nothing here is needed
on a cluster but `session` and `lake`.
"""

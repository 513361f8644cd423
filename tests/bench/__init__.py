"""What the border costs beside plain DuckDB. Run by `make bench-ingest`, never by pytest."""

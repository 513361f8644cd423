"""The border: source files are matched, fingerprinted, checked, typed and written once to Parquet."""

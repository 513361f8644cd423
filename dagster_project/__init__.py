"""What runs, when and on what: the orchestration of Fieldscope. Thin; the domain lives in `ingest`, `dbt/` and `models_ml`."""

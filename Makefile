# Verbs of Fieldscope. `make help` lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
DATA ?= data
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK = 1
export GX_ANALYTICS_ENABLED = false
export UV_NO_PROGRESS = 1

.PHONY: help install sample run dev test lint types docs metrics bench-ingest spark bench-marts bench-models clean
.DEFAULT_GOAL := help

help:  ## List the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.ready  ## Prepare .venv from the hash-pinned lock

$(VENV)/.ready: requirements.lock requirements-installer.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else "Fieldscope needs Python 3.11: make PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-installer.lock
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

sample: install  ## Write the sample world into data/landing, unless a landing zone is there
	@test -e $(DATA)/landing || $(BIN)/fieldscope sample --landing $(DATA)/landing

run: sample  ## Tonight's refresh: landing zone to published marts, with a summary
	@$(BIN)/fieldscope run --home $(DATA) $$(test -f $(DATA)/as_of && echo --as-of $$(cat $(DATA)/as_of))

dev: install  ## Open the Dagster page (assets, checks, lineage, schedule)
	@DAGSTER_HOME=$$(FIELDSCOPE_HOME=$(abspath $(DATA)) $(BIN)/python -c 'from dagster_project import night, settings; print(night.prepare_storage(settings.Settings().paths))') \
	env FIELDSCOPE_HOME=$(abspath $(DATA)) $$(test -f $(DATA)/as_of && echo FIELDSCOPE_AS_OF=$$(cat $(DATA)/as_of)) \
	$(BIN)/dagster dev -w workspace.yaml

lint: install  ## Format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ty check dagster_project models_ml
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt/models dbt/tests dbt/macros

test: lint  ## Everything that CI runs
	OMP_NUM_THREADS=1 FIELDSCOPE_THREADS=1 $(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

docs: install  ## dbt's documentation of every model and column (dbt/target/static_index.html), its pictures and lists
	for picture in asset_graph entity_diagram metric_list compliance_tables; do $(BIN)/python docs/$$picture.py || exit 1; done
	@mkdir -p $(DATA)/warehouse
	FIELDSCOPE_LAKE=$(abspath $(DATA))/lake FIELDSCOPE_WAREHOUSE=$(abspath $(DATA))/warehouse/warehouse.duckdb \
	$(BIN)/dbt --quiet docs generate --static --no-version-check --vars "{as_of: '$$(date +%F)'}" --project-dir dbt --profiles-dir dbt

bench-ingest: install  ## The border beside plain DuckDB on national files (4 GB in $(DATA)/bench, written once)
	@$(BIN)/python -m tests.bench.bench_ingest --folder $(DATA)/bench

metrics: install  ## What may be asked of the newest publication, and by what (docs/metrics.md says how)
	@FIELDSCOPE_HOME=$(abspath $(DATA)) $(BIN)/fieldscope metrics list metrics

spark: .venv-spark/.ready  ## Build core, features and marts on Spark and prove them equal, row for row, to the finished night's
	@test -e $(DATA)/published/current/manifest.json || { echo "No finished night in $(DATA)/ yet: running one first (make run)."; $(MAKE) run DATA=$(DATA); }
	@SPARK_LOCAL_IP=127.0.0.1 PYTHONPATH=dbt .venv-spark/bin/python -m on_spark --home $(DATA)

.venv-spark/.ready: $(VENV)/.ready requirements-spark.lock
	@PYTHONPATH=dbt $(BIN)/python -m on_spark.java
	test -x .venv-spark/bin/python || $(PYTHON) -m venv .venv-spark
	$(BIN)/uv pip sync --quiet --python .venv-spark/bin/python --require-hashes requirements-spark.lock
	touch $@

bench-marts: install  ## Core and marts of a country beside straight SQL, and the night after ($(DATA)/bench, written once)
	@$(BIN)/python -m tests.bench.bench_marts --folder $(DATA)/bench

bench-models: install  ## What the scores are worth on 20 seeds a setting, and what a country costs (docs/evaluation.md, written by it)
	@OMP_NUM_THREADS=1 $(BIN)/python -m tests.bench.bench_models --folder $(DATA)/bench

clean:  ## Remove everything that is built (not the landing zone)
	rm -rf $(VENV) .venv-spark dbt/target dbt/logs $(DATA)/lake $(DATA)/warehouse $(DATA)/published $(DATA)/docs $(DATA)/dagster

"""What a large night needs of the profile: DuckDB may spill at any moment."""

import yaml

from dagster_project.warehouse import DBT_PROJECT


def test_where_to_spill_is_told_when_the_database_is_opened():
    """DuckDB refuses to be told again once it has spilled, and dbt repeats `settings` for each cursor."""
    profile = yaml.safe_load((DBT_PROJECT / "profiles.yml").read_text())["fieldscope"]["outputs"]["duckdb"]
    assert set(profile["config_options"]) == {"temp_directory", "memory_limit", "storage_compatibility_version"}
    assert not {"temp_directory", "memory_limit"} & set(profile["settings"])

"""The same contacts and providers linked by splink, a maintained Fellegi-Sunter library: what the linkage in SQL is measured against.

Belongs here: splink's settings, its training and the best provider that it names for each contact. Not here: the product's linkage,
which reads nothing of this. Both see the same cleaned names, and both believe the same NPIs of the CRM.
"""

from pathlib import Path

import duckdb
import splink
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink.backends.duckdb import DuckDBAPI

_CONTACTS = """
    select
        contact_id as unique_id, first_key, left(first_key, 1) as initial, formal_names, last_key, family_names,
        cast([] as varchar[]) as former_names, state, city_key, zip5, npi_given as npi, specialty_stems as stems
    from intermediate.int_crm_contacts_cleaned
    where last_key is not null
"""
_PROVIDERS = """
    select
        npi as unique_id, first_key, left(first_key, 1) as initial, formal_names, last_key,
        name_keys as family_names,
        case when other_last_key is null then [] else [other_last_key] end as former_names, states[1] as state, split_part(cities[1], '|', 2) as city_key, zips[1] as zip5, npi,
        specialty_beginnings as stems
    from intermediate.int_link_providers
"""


def _of(condition: str, label: str) -> levels.CustomLevel:
    return levels.CustomLevel(condition, label_for_charts=label)


def _settings() -> splink.SettingsCreator:
    last_name = comparisons.CustomComparison(
        output_column_name="last_name",
        comparison_levels=[
            levels.NullLevel("last_key"),
            levels.ExactMatchLevel("last_key", term_frequency_adjustments=True),
            _of("list_contains(former_names_r, last_key_l)", "former"),
            _of("list_has_any(family_names_l, family_names_r)", "part"),
            levels.DamerauLevenshteinLevel("last_key", 1),
            levels.JaroWinklerLevel("last_key", 0.94),
            levels.ElseLevel(),
        ],
    )
    first_name = comparisons.CustomComparison(
        output_column_name="first_name",
        comparison_levels=[
            levels.NullLevel("first_key"),
            levels.ExactMatchLevel("first_key", term_frequency_adjustments=True),
            _of("list_has_any(formal_names_l, formal_names_r)", "familiar"),
            _of("length(first_key_l) = 1 and initial_l = initial_r", "initial"),
            levels.DamerauLevenshteinLevel("first_key", 1),
            levels.ElseLevel(),
        ],
    )
    place = comparisons.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            levels.NullLevel("state"),
            levels.ExactMatchLevel("zip5", term_frequency_adjustments=True),
            _of("city_key_l = city_key_r and state_l = state_r", "city"),
            levels.ExactMatchLevel("state"),
            levels.ElseLevel(),
        ],
    )
    specialty = comparisons.CustomComparison(
        output_column_name="stems",
        comparison_levels=[
            _of("coalesce(len(stems_l), 0) = 0 or coalesce(len(stems_r), 0) = 0", "missing").configure(
                is_null_level=True
            ),
            _of("list_has_any(stems_l, stems_r)", "same"),
            levels.ElseLevel(),
        ],
    )
    return splink.SettingsCreator(
        link_type="link_only",
        comparisons=[last_name, first_name, place, specialty],
        blocking_rules_to_generate_predictions=[
            splink.block_on("family_names", "initial", arrays_to_explode=["family_names"]),
            splink.block_on("last_key", "initial"),
            splink.block_on("zip5", "formal_names", arrays_to_explode=["formal_names"]),
            splink.block_on("state", "substr(last_key, 1, 2)", "first_key"),
            "l.last_key = r.former_names[1] and l.initial = r.initial",
        ],
    )  # fmt: skip


def best_matches(warehouse: Path) -> dict[str, tuple[str, float]]:
    """Contact -> the provider that splink holds likeliest and its probability; trained on the same world, without labels."""
    with duckdb.connect() as con:
        con.execute(f"attach '{warehouse}' as warehouse (read_only)")
        con.execute("use warehouse")
        contacts, providers = con.sql(_CONTACTS).to_arrow_table(), con.sql(_PROVIDERS).to_arrow_table()
    api = DuckDBAPI()
    linker = splink.Linker([api.register(contacts), api.register(providers)], _settings(), log_level="ERROR")
    training = linker.training
    training.estimate_probability_two_random_records_match(
        ["l.npi = r.npi", "l.last_key = r.last_key and l.first_key = r.first_key and l.zip5 = r.zip5"], recall=0.8
    )
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    rules = [splink.block_on("last_key", "first_key"), splink.block_on("zip5", "last_key")]
    # Splink refuses to learn from a rule that no pair fulfils.
    if set(contacts["npi"].to_pylist()) & set(providers["npi"].to_pylist()):
        rules.insert(0, splink.block_on("npi"))
    for rule in rules:
        training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.01)
    rows = predicted.as_duckdbpyrelation().order("match_probability, unique_id_r").fetchall()
    names = predicted.as_duckdbpyrelation().columns
    left, right, chance = (names.index(name) for name in ("unique_id_l", "unique_id_r", "match_probability"))
    return {row[left][:15]: (row[right], row[chance]) for row in rows}

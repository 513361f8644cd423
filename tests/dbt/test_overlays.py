"""A ZIP may lie under overlays: whatever joins it to a territory does so by the primary one, so that no sum counts a provider twice.

The decision itself is proved on literal rows beside `int_zip_primary_territories`, `int_territory_family_market` and `provider_territories`;
here, that nobody goes around it.
"""

from dagster_project import warehouse

# Who reads the alignment with its overlays: two narrow it to the primary territories, or to the one of a ZIP and day; two list what there is.
NARROW = {"int_zip_primary_territories", "int_zip_territories_begun"}
LIST = {"int_territories_known", "provider_territories"}


def readers_of(model: str) -> set[str]:
    return {
        node["name"]
        for node in warehouse.manifest()["nodes"].values()
        if node["resource_type"] == "model" and f"model.fieldscope.{model}" in node["depends_on"]["nodes"]
    }


def test_only_what_narrows_or_lists_them_reads_overlays() -> None:
    assert readers_of("stg_company__territory_alignment") == {"int_zip_territories"}
    assert readers_of("int_zip_territories") == NARROW | LIST
    assert readers_of("provider_territories") == set(), "a list of all territories is no basis of a sum"

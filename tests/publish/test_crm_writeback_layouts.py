"""Names and cells of the files for the CRMs: an org's own names, and text that stays text in a spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.ingest.contract import LandingError
from dagster_project.publish.crm_writeback_layouts import cell, layout_of
from tests.publish.writeback_nights import Nights, target


@pytest.fixture
def nights(tmp_path) -> Nights:
    return Nights(tmp_path)


def test_an_orgs_own_names_and_what_it_lacks(nights):
    nights.fields(
        "Fieldscope_Target__c:\n  Fieldscope_Target__c: Contact\n  External_Id__c: Id\n  Contact__c: ''\n  Account__c:\n"
        "  OwnerId: ''\n  Tier__c: HCP_Tier__c\n"
    )
    nights.publish("2026-06-29", [target(1)])
    (row,) = nights.rows("salesforce/Contact.csv")
    assert row["Id"] == "003000000000001AAA", "fields on the contact itself are found by its Id: none is ever made anew"
    assert row["HCP_Tier__c"] == "A"
    assert not {"Contact__c", "Account__c", "OwnerId"} & set(row)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Fieldscope_Target__c:\n  Tier__c: 'Tier\",\"Why'\n", "no API name"),
        ("Fieldscope_Target__c:\n  Fieldscope_Target__c: ../../etc\n", "no API name"),
        ("Fieldscope_Target__c:\n  External_Id__c: ''\n", "external id"),
        ("Fieldscope_Target__c:\n  Tier__c: why__c\n", "two fields"),
    ],
)
def test_a_name_that_no_field_can_have_is_refused_in_words(nights, text, said):
    nights.fields(text)
    with pytest.raises(LandingError, match=said):
        layout_of("salesforce", nights.landing)


@given(st.text())
def test_no_cell_is_ever_a_formula_or_breaks_a_line(text):
    found = cell(text)
    assert found[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert not set(found) & {"\n", "\r", "\t", "\0"}


@given(st.sampled_from(["=", "+", "-", "@", "\t=", "\r@", " \n+"]), st.text())
def test_a_formula_stays_readable_behind_an_apostrophe(start, rest):
    assert cell(start + rest).startswith("'")


def test_what_crm_text_says_is_data_in_the_file(nights):
    nights.publish("2026-06-29", [target(1, why="=cmd|' /C calc'!A0\r\nnext", territory_id='@T"1, x')])
    (row,) = nights.rows()
    assert (row["Why__c"], row["Territory__c"]) == ("'=cmd|' /C calc'!A0 next", "'@T\"1, x")

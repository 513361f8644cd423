"""Accounts become the right facilities and Open Payments of before 2021 the right people, or nobody: on truth that is known."""

from pathlib import Path

import pytest

from tests.linkage import accounts, accounts_world, measure_facilities, recipients

is_excerpt_here = recipients.EXCERPT.exists()


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> tuple[Path, accounts_world.Accounts, dict[str, str], dict[str, str]]:
    return measure_facilities.build(tmp_path_factory.mktemp("facilities"), seed=3)


def test_accounts_that_are_linked_by_themselves_are_the_right_facility_and_few_are_missed(known):
    warehouse, world, *_ = known
    found = accounts.found(warehouse, world)
    precision, recall = found.rates()
    assert precision >= 0.99
    assert recall >= 0.95
    # By name alone, where a namesake is a danger and no number helps.
    assert found.rates("name")[0] >= 0.99


def test_copies_of_an_account_are_found_and_departments_are_none(known):
    warehouse, world, *_ = known
    found = accounts.found(warehouse, world)
    precision, recall = found.copy_rates
    assert precision >= 0.95
    assert recall >= 0.85
    assert not {account for account in found.pairs if account.startswith("001D")}


def test_payments_of_before_2021_go_to_the_owner_of_their_profile(known):
    warehouse, _, paid, _ = known
    precision, recall, records = recipients.rates(warehouse, paid)
    assert records > 1000
    assert precision >= 0.99
    assert recall >= 0.95


@pytest.mark.skipif(not is_excerpt_here, reason="the real excerpt is not on this machine")
def test_real_rows_find_their_hidden_npi_where_another_row_tells_it_and_nowhere_else(known):
    """161 people, 6 of whom the excerpt names twice: it shows that nobody is guessed, and can tell little of recall."""
    warehouse, _, _, hidden = known
    precision, recall, records = recipients.rates(warehouse, hidden)
    assert records == len(hidden) == 161
    assert precision == 1
    assert recall == pytest.approx(6 / 161)

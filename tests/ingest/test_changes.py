"""What a night says of the releases and files that took the place of others: rows, dollars, providers."""

from datetime import date

from tests.ingest.conftest import PAYMENTS_FILE, SERVICES_FILE, Border, claims, payments, services

FIRST, SECOND, THIRD = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)
OLD_RELEASE = "open_payments/OP_DTL_GNRL_PGYR2023_P06302024.csv"


def changes(border: Border, source: str, as_of: date) -> list[str]:
    return [str(change) for change in border.take(source, as_of=as_of).changes]


def test_the_first_night_has_nothing_to_compare(border):
    border.put(SERVICES_FILE, services(3))
    assert changes(border, "claims", FIRST) == []


def test_a_newer_release_replaces_its_year(border):
    border.put(OLD_RELEASE, payments(5, total_amount_of_payment_usdollars="2000000"))
    changes(border, "open_payments", FIRST)
    border.put(PAYMENTS_FILE, payments(7, change_type="CHANGED"))
    said = [
        "open_payments general 2023: release of 30 January 2025 replaces 30 June 2024: +2 rows, −$1,999,962.50, +2 providers"
    ]
    assert changes(border, "open_payments", SECOND) == said
    # The same night once more, and the same night after later ones, say the same; the next night has no change.
    assert changes(border, "open_payments", SECOND) == said
    assert changes(border, "open_payments", THIRD) == []
    assert changes(border, "open_payments", SECOND) == said
    check = next(row for row in border.border_table("checks", SECOND) if row[1] == "restated")
    assert check[2:4] == ("warn", said[0])


def test_an_older_release_that_comes_after_the_newer_one_changes_nothing(border):
    border.put(PAYMENTS_FILE, payments(7))
    changes(border, "open_payments", FIRST)
    border.put(OLD_RELEASE, payments(5, form_of_payment_or_transfer_of_value="Stock"))
    assert changes(border, "open_payments", SECOND) == []


def test_a_release_taken_back_leaves_the_year_to_the_one_before(border):
    border.put(OLD_RELEASE, payments(5, form_of_payment_or_transfer_of_value="Stock"))
    newer = border.put(PAYMENTS_FILE, payments(7))
    changes(border, "open_payments", FIRST)
    newer.unlink()
    assert changes(border, "open_payments", SECOND) == [
        "open_payments general 2023: release of 30 June 2024 replaces 30 January 2025: −2 rows, −$25.00, −2 providers"
    ]


def test_a_release_without_a_day_is_told_by_its_code(border):
    border.put("claims/MUP_PHY_R23_P04_V10_D22_Prov_Svc.csv", services(3))
    changes(border, "claims", FIRST)
    border.put(SERVICES_FILE, services(4))
    (said,) = changes(border, "claims", SECOND)
    assert said.startswith("claims provider service 2022: release 2024.05.10 replaces release 2023.04.10: +1 row, +$")


def test_a_file_delivered_again_under_its_name_is_told_by_its_path(border):
    border.put("claims/medical_claim.csv", claims(3))
    changes(border, "claims", FIRST)
    border.put("claims/medical_claim.csv", claims(2))
    assert changes(border, "claims", SECOND) == [
        "claims/medical_claim.csv: delivered again with other content: −1 row, −$1,234.50, −1 provider"
    ]


def test_a_new_month_is_new_and_an_old_one_is_late(border):
    border.put("claims/medical_claim_2024_03.csv", claims(3))
    changes(border, "claims", FIRST)
    april = claims(4, claim_line_start_date="2024-04-10")
    march = [[field.replace("2024-03-0", "2024-02-0") for field in row] for row in claims(2)]
    border.put("claims/medical_claim_2024_04.csv", april)
    border.put("claims/medical_claim_2024_02.csv", march)
    assert changes(border, "claims", SECOND) == [
        "claims/medical_claim_2024_02.csv: came late, speaks of 2 February 2024 to 2 February 2024:"
        " +2 rows, +$2,469.00, +2 providers",
        "claims/medical_claim_2024_04.csv: new: +4 rows, +$4,938.00, +4 providers",
    ]


def test_a_file_that_is_gone_a_moved_one_and_a_copy(border):
    month = border.put("claims/medical_claim_a.csv", claims(3))
    year = border.put(SERVICES_FILE, services(3))
    changes(border, "claims", FIRST)
    month.unlink()
    moved = border.landing / "claims" / "year=2022" / year.name
    moved.parent.mkdir()
    year.rename(moved)
    border.put("claims/copy of it.csv", services(3))
    assert changes(border, "claims", SECOND) == [
        "claims/medical_claim_a.csv: no longer delivered: −3 rows, −$3,703.50, −3 providers"
    ]


def test_providers_of_a_release_in_several_files_are_not_added_up(border):
    border.put(OLD_RELEASE, payments(5))
    changes(border, "open_payments", FIRST)
    for part in ("1", "2"):
        name = PAYMENTS_FILE.replace(".csv", f"_part{part}.csv")
        border.put(name, payments(5, record_id=f"99{part}"))
    assert changes(border, "open_payments", SECOND) == [
        "open_payments general 2023: release of 30 January 2025 replaces 30 June 2024: +5 rows, +$62.50"
    ]


def test_a_release_of_a_later_day_is_no_change_yet(border):
    border.put(OLD_RELEASE, payments(5))
    changes(border, "open_payments", date(2024, 7, 1))
    border.put(PAYMENTS_FILE, payments(7))
    assert changes(border, "open_payments", date(2025, 1, 29)) == []
    assert len(changes(border, "open_payments", date(2025, 1, 30))) == 1
    assert changes(border, "open_payments", date(2025, 1, 31)) == []

"""A file too long for one piece keeps the number of every row and line, whatever is taken out of it."""

import pyarrow.parquet as pq

from tests.ingest.conftest import PAYMENTS_FILE, Border, payments

MANY = 260_000


def test_a_long_file_without_its_repeated_bad_and_broken_rows_keeps_their_numbers(border: Border) -> None:
    rows = payments(MANY)
    npi = rows[0].index("Covered_Recipient_NPI")
    for line in range(1000, MANY, 10_000):
        rows[line][npi] = "1234567890"
    repeated, broken = rows[5], ["too", "few"]
    rows[130_001:130_001] = [broken, broken]
    rows += [repeated, broken]
    border.put(PAYMENTS_FILE, rows)
    result = border.take("open_payments")
    (found,) = result.quarantined.values()
    assert found == {"wrong_field_count": 3, "npi_check_digit": 26}
    assert result.rows["general"] == MANY - 26
    stored = pq.read_table(border.lake / "raw" / "open_payments" / "general", columns=["_row", "record_id"])
    numbers = [int(record) - 7000 for record in stored["record_id"].to_pylist()]
    assert len(set(numbers)) == len(numbers)
    # The two lines of too few fields push every later row down by two.
    assert stored["_row"].to_pylist() == [number + 1 + 2 * (number >= 130_000) for number in numbers]
    lines = [line for line, _, rule, _ in border.quarantined("open_payments/general") if rule == "npi_check_digit"]
    assert lines == [line + 1 + 2 * (line > 130_000) for line in range(1000, MANY, 10_000)]
    broken_lines = [
        line for line, _, rule, _ in border.quarantined("open_payments/general") if rule == "wrong_field_count"
    ]
    assert broken_lines == [130_002, 130_003, MANY + 5]

"""A file too long for one piece keeps its order and its line numbers, whatever is taken out of it."""

from tests.ingest.conftest import PAYMENTS_FILE, Border, payments

MANY = 260_000


def test_a_long_file_without_its_repeated_bad_and_broken_rows_keeps_order_and_lines(border: Border) -> None:
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
    stored = border.ask(
        "select count(*) filter (_row <= before), max(_row), count(*) filter (record_id::bigint - 7000 + 1 = _row),"
        " count(*) filter (record_id::bigint - 7000 + 3 = _row)"
        " from (select *, lag(_row, 1, 0) over () as before from {} where record_id is not null)",
        "open_payments/general",
    )
    assert stored == [(0, MANY + 2, 130_000 - 13, MANY - 130_000 - 13)]
    lines = [line for line, _, rule, _ in border.quarantined("open_payments/general") if rule == "npi_check_digit"]
    assert lines == [line + 1 + 2 * (line > 130_000) for line in range(1000, MANY, 10_000)]
    broken_lines = [
        line for line, _, rule, _ in border.quarantined("open_payments/general") if rule == "wrong_field_count"
    ]
    assert broken_lines == [130_002, 130_003, MANY + 5]

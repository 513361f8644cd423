"""How one cell of text becomes a typed value, as DuckDB SQL: dates, amounts, counts, NPIs, ZIPs, CCNs, CRM ids.

Belongs here: a `Kind` for every sort of cell that a publisher writes. Does not belong here: which column of which file
is of which kind (the source modules say that), and anything that runs SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SUPPRESSED = ("*", "#", "<11")
EARLIEST = "date '1900-01-01'"


@dataclass(frozen=True)
class Kind:
    """A sort of cell: its DuckDB type, its value as SQL over the text as read, and the rule that unreadable text breaks.

    `step` is what the value is worked out from, where that is asked more than once: a `case` of DuckDB works out anew whatever
    it names twice, so the reader takes the step as a column of its own and `from_step(text, step)` as the value.
    """

    name: str
    type: str
    value: Callable[[str], str]
    unreadable: str | None = None
    is_suppressible: bool = False
    is_private: bool = False
    lost: str | None = None
    step: Callable[[str], str] | None = None
    from_step: Callable[[str, str], str] | None = None

    def faults(self, column: str) -> list[tuple[str, str]]:
        """The rules of this kind as (rule, SQL predicate that is true for a bad row)."""
        if self.unreadable is None:
            return []
        text = f'trim("{column}__text")'
        predicate = f"\"{column}\" is null and {text} <> ''"
        if self.is_suppressible:
            predicate += f" and {text} not in {SUPPRESSED}"
        if self.unreadable == "not_a_count":
            is_text = _number(f'"{column}__text"', "decimal(38, 6)") + " is null"
            return [("not_a_number", f"{predicate} and {is_text}"), ("not_a_count", f"{predicate} and not ({is_text})")]
        found = [(self.unreadable, predicate)]
        if self.type in ("DATE", "TIMESTAMP"):
            found.append(("date_outside_period", f'"{column}" < {EARLIEST}'))
        return found


def _without_float(text: str) -> str:
    return f"case when ends_with({text}, '.0') then left({text}, strlen({text}) - 2) else {text} end"


def _number(text: str, type_: str) -> str:
    return f"coalesce(try_cast({text} as {type_}), try_cast(translate({text}, '$,', '') as {type_}))"


def _thousandths(text: str) -> str:
    return _number(text, "decimal(18, 3)")


def _count(_: str, number: str) -> str:
    return f"case when {number} >= 0 and {number} = floor({number}) then cast({number} as bigint) end"


def _date(text: str) -> str:
    written = f"try_strptime({text}, ['%m/%d/%Y', '%m/%d/%Y %H:%M'])"
    return f"case when contains({text}, '/') then cast({written} as date) else try_cast({text} as date) end"


def _timestamp(text: str) -> str:
    offset = f"regexp_extract({text}, '[0-9]([+-][0-9]{{2}}):?[0-9]{{2}}$', 1)"
    local = f"coalesce(try_cast({text} as timestamp), try_strptime({text}, ['%m/%d/%Y %H:%M', '%m/%d/%Y']))"
    shift = (
        f"to_minutes(cast(left({offset}, 1) || '1' as integer) * (cast(substr({offset}, 2) as integer) * 60"
        f" + cast(right(trim({text}), 2) as integer)))"
    )
    return f"case when {offset} in ('', '+00', '-00') then {local} else {local} - {shift} end"


def _trimmed(text: str) -> str:
    """`trim`, asked only where a cell may begin or end with a blank: for most it costs more than the reading."""
    may_be_padded = f"ends_with({text}, ' ') or ends_with({text}, chr(160))"
    return f"case when {text} between '!' and '~' and not ({may_be_padded}) then {text} else trim({text}) end"


def _passes_luhn(number: str) -> str:
    """The Luhn check of ten digits with the prefix 80840 (which adds 24), by divisions alone.

    Modulo ten, the digit at a place is the quotient there, and whether it is five or more is the quotient by five times
    the place less twice that of the next place: the doubled digits fold into a few terms.
    """

    def quotients(divisors: list[int]) -> str:
        return " + ".join(f"{number} // {divisor}" for divisor in divisors)

    plain, doubled = [10**place for place in (2, 4, 6, 8)], [10**place for place in (1, 3, 5, 7, 9)]
    halves = [5 * divisor for divisor in doubled[:-1]]
    return f"({number} + 24 + 2 * ({quotients(doubled)}) + {quotients(halves)} - ({quotients(plain)})) % 10 = 0"


def _npi(text: str, number: str) -> str:
    """Ten digits that pass the Luhn check; a float of them is repaired."""
    is_valid = f"{number} between 1000000000 and 2999999999 and {_passes_luhn(number)}"
    is_plain = f"strlen({text}) = 10 and not contains({text}, 'E') and not contains({text}, 'e')"
    written = f"cast({number} as varchar)"
    is_repairable = f"(trim({text}) = {written} or trim({text}) = {written} || '.0')"
    return (
        f"case when {is_plain} and {is_valid} then {text}"
        f" when strlen({text}) > 10 and {is_valid} and {is_repairable} then {written} end"
    )


def _zip5(text: str) -> str:
    digits = f"translate({_without_float(f'trim({text})')}, '- ', '')"
    return (
        f"case when regexp_full_match({text}, '[0-9]{{5}}(-[0-9]{{4}})?') then left({text}, 5)"
        f" when not regexp_full_match({digits}, '[0-9]{{3,9}}') then null"
        f" when strlen({digits}) < 6 then lpad({digits}, 5, '0')"
        f" when strlen({digits}) > 6 then left(lpad({digits}, 9, '0'), 5) end"
    )


def _padded(width: int) -> Callable[[str, str], str]:
    """A code that lost its leading zeros gets them back."""

    def value(_: str, code: str) -> str:
        is_short = f"strlen({code}) < {width} and try_cast({code} as bigint) >= 0"
        return f"case when {is_short} then lpad({code}, {width}, '0') else {code} end"

    return value


def _code(text: str) -> str:
    return _without_float(f"nullif(upper({_trimmed(text)}), '')")


def _icd(_: str, code: str) -> str:
    without_dots = f"upper(replace({code}, '.', ''))"
    # Where no digit or letter comes first, nothing but dots may be there: that is no code.
    return (
        f"case when not contains({code}, '.') then case when {code} <> '' then upper({code}) end"
        f" when {code} >= '0' then {without_dots} else nullif({without_dots}, '') end"
    )


def _boolean(text: str) -> str:
    word = f"lower(trim({text}))"
    return f"case when {word} in ('true', '1', 'yes', 'y', 't', '1.0') then true when {word} in ('false', '0', 'no', 'n', 'f', '0.0') then false end"


def _crm_id(text: str) -> str:
    """Fifteen case-sensitive characters get the three that make them safe to compare without case."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

    def check(start: int) -> str:
        bits = " + ".join(
            f"case when substr(trim({text}), {start + place}, 1) between 'A' and 'Z' then {2**place} else 0 end"
            for place in range(5)
        )
        return f"substr('{letters}', 1 + {bits}, 1)"

    full = f"trim({text}) || {check(1)} || {check(6)} || {check(11)}"
    return (
        f"case when regexp_full_match(trim({text}), '0{{15}}(AAA)?') then null"
        f" when regexp_full_match(trim({text}), '[0-9A-Za-z]{{15}}') then {full} else nullif(trim({text}), '') end"
    )


def _given(text: str) -> str:
    return f"case when starts_with({text}, ' ') and trim({text}) = '' then null else {text} end"


def _in_two(
    name: str, type_: str, step: Callable[[str], str], from_step: Callable[[str, str], str], unreadable=None, **more
) -> Kind:
    """A kind whose value is worked out from a step over the text."""
    value = lambda text: from_step(text, step(text))  # noqa: E731
    return Kind(name, type_, value, unreadable, step=step, from_step=from_step, **more)


TEXT = Kind("text", "VARCHAR", _given)
CODE = Kind("code", "VARCHAR", lambda text: f"nullif({_trimmed(text)}, '')")
UPPER = Kind("upper", "VARCHAR", lambda text: f"nullif(upper({_trimmed(text)}), '')")
LOWER = Kind("lower", "VARCHAR", lambda text: f"nullif(lower({_trimmed(text)}), '')")
ID = Kind("id", "VARCHAR", lambda text: f"nullif({_without_float(_trimmed(text))}, '')")
ICD = _in_two("icd", "VARCHAR", _trimmed, _icd)
NPI = _in_two("npi", "VARCHAR", lambda text: f"try_cast({text} as bigint)", _npi, "npi_check_digit", lost=r"\d+\.0")
ZIP5 = Kind("zip5", "VARCHAR", _zip5, lost=r"\d+\.0|\d{3,4}|\d{7,8}")
CCN = _in_two("ccn", "VARCHAR", _code, _padded(6), lost=r"\d+\.0|\d{4,5}")
DRG = _in_two("drg", "VARCHAR", _code, _padded(3))
PLACE = _in_two("place", "VARCHAR", _code, _padded(2))
HCPCS = _in_two("hcpcs", "VARCHAR", _code, _padded(5))
CRM_ID = Kind("crm_id", "VARCHAR", _crm_id)
DATE = Kind("date", "DATE", _date, "not_a_date")
TIMESTAMP = Kind("timestamp", "TIMESTAMP", _timestamp, "not_a_date")
BOOLEAN = Kind("boolean", "BOOLEAN", _boolean, "unknown_code")
FLAG = Kind(
    "flag",
    "BOOLEAN",
    lambda text: f"case when coalesce(trim({text}), '') = '' then false else {_boolean(text)} end",
    "unknown_code",
)
COUNT = _in_two("count", "BIGINT", _thousandths, _count, "not_a_count")
CENSORED_COUNT = _in_two("count", "BIGINT", _thousandths, _count, "not_a_count", is_suppressible=True)
DEGREES = Kind("degrees", "DOUBLE", lambda text: f"try_cast({text} as double)", "not_a_number")
PERSON = Kind(
    "person",
    "VARCHAR",
    lambda text: (
        f"case when trim({text}) <> '' then left(sha256(concat(getvariable('person_salt'), ':', trim({text}))), 32) end"
    ),
    is_private=True,
)


def amount(digits: int, decimals: int, is_suppressible: bool = False) -> Kind:
    """An exact decimal, with `$` and thousands separators read where a publisher writes them."""
    type_ = f"DECIMAL({digits},{decimals})"
    return Kind("amount", type_, lambda text: _number(text, type_), "not_a_number", is_suppressible)


MONEY = amount(18, 2)

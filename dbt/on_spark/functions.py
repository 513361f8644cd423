"""Functions of text that DuckDB has built in and Spark has not, under DuckDB's names, so that a model calls both alike.

DuckDB compares bytes, so these do too: a letter with an accent is two of them.
Belongs here: what SQL cannot say. Not here: whatever a macro of dbt/macros/portable can write in Spark's own words.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def damerau_levenshtein(one: str | None, other: str | None) -> int | None:
    """Letters to change, insert, remove or swap with their neighbour to make one text of the other."""
    if one is None or other is None:
        return None
    if one == other:
        return 0
    one, other = one.encode(), other.encode()
    width = len(other) + 2
    largest = len(one) + len(other)
    table = [[largest] * width, [largest, *range(width - 1)]]
    last_row: dict[int, int] = {}
    for i, left in enumerate(one, 1):
        row = [largest, i] + [0] * (width - 2)
        last_column = 0
        for j, right in enumerate(other, 1):
            above = table[last_row.get(right, 0)]
            swapped = above[last_column] + (i - last_row.get(right, 0) - 1) + 1 + (j - last_column - 1)
            cost = left != right
            row[j + 1] = min(table[i][j] + cost, row[j] + 1, table[i][j + 1] + 1, swapped)
            if not cost:
                last_column = j
        table.append(row)
        last_row[left] = i
    return table[-1][-1]


def jaro_winkler_similarity(one: str | None, other: str | None) -> float | None:
    """How alike two texts are, 0 to 1, with a premium on up to four equal letters at the beginning; an empty one is like none."""
    if one is None or other is None:
        return None
    if not one or not other:
        return 0.0
    one, other = one.encode(), other.encode()
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    taken = [False] * len(other)
    matched_one = []
    for i, letter in enumerate(one):
        for j in range(max(0, i - reach), min(len(other), i + reach + 1)):
            if not taken[j] and other[j] == letter:
                taken[j] = True
                matched_one.append(letter)
                break
    if not matched_one:
        return 0.0
    matched_other = [letter for letter, is_taken in zip(other, taken, strict=True) if is_taken]
    swaps = sum(a != b for a, b in zip(matched_one, matched_other, strict=True)) // 2
    count = len(matched_one)
    jaro = (count / len(one) + count / len(other) + (count - swaps) / count) / 3
    if jaro <= 0.7:
        return jaro
    beginning = 0
    while beginning < min(4, len(one), len(other)) and one[beginning] == other[beginning]:
        beginning += 1
    return jaro + beginning * 0.1 * (1 - jaro)


def register(session: "SparkSession") -> None:
    """Give the session these functions under the names that the models call."""
    for function, returned in (
        (damerau_levenshtein, "bigint"),
        (jaro_winkler_similarity, "double"),
    ):
        session.udf.register(function.__name__, function, returned)

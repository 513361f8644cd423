"""The judgement of a file as a whole: its profile against its layout's thresholds, with what a named person approved.

Belongs here: what a broken threshold leads to, and in which words. Does not belong here: the measures (`profile`, `drift`) and
their comparison with the thresholds (`expectations`). A verdict about drift depends on what was accepted before, so it is
recorded with the version and taken over when the same content is read again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path

import duckdb

from dagster_project.ingest.catalog import Catalog, Record
from dagster_project.ingest.contract import Contract, Source
from dagster_project.ingest.decode import FileFault
from dagster_project.ingest.drift import followed, kind_of, measures_against
from dagster_project.ingest.names import Told, read_path
from dagster_project.ingest.overrides import FILE, Override, read_overrides
from dagster_project.ingest.profile import take_profile
from dagster_project.ingest.quarantine import Outcome
from dagster_project.ingest.recognise import Match
from dagster_project.ingest.thresholds import MISSING_YEARS, Profile, Threshold, applied, written

AGAINST = "_against_accepted"


class Judge:
    """Judges the files of one source: `last` is the last finished night, `files` are the names in the landing zone."""

    def __init__(self, source: Source, landing: Path, last: Catalog | None, files: Collection[str]) -> None:
        self.source, self.files = source, files
        self.standing = last.active if last else []
        self.overrides = read_overrides(landing)

    def must_look_again(self, record: Record) -> bool:
        """True for a refused file that may be right by now: approved since, or what it was compared with is gone."""
        broken = {result["name"] for result in record.results if result["status"] == "fail"}
        if record.status != "refused" or not broken:
            return False
        if record.follows and record.follows["file"] not in {other.file for other in self.standing}:
            return True
        if MISSING_YEARS.name in broken and not self._years_missing(record):
            return True
        return all(self._approval(record, name) for name in broken)

    def left_behind(self, record: Record) -> Record | None:
        """The version that a refused file was to replace under a new name, where its own file left the landing zone."""
        alike = (other for other in self.standing if kind_of(other.file) == kind_of(record.file))
        return next((other for other in alike if other.file not in self.files), None)

    def hold(
        self,
        con: duckdb.DuckDBPyConnection,
        match: Match,
        told: Told,
        record: Record,
        before: Record | None,
        version: Path,
        aside: Path,
        outcome: Outcome,
    ) -> None:
        """Records profile and results of the version just written; raises `FileFault` where it breaks a threshold."""
        contract = match.contract
        suite = contract.suite(match.layout)
        profile = take_profile(con, match, suite, told, version, aside, outcome)
        record.layout = match.layout.name
        profile |= self._drift(record, before, profile, match.layout.name)
        if told.period is not None:
            profile[MISSING_YEARS.measure, ""] = self._years_missing(record)
        record.profile = [[column, measure, value] for (measure, column), value in profile.items()]
        record.results = self._results(f"{self.source.name}.{contract.table}: {record.layout}", suite, profile, record)
        broken = [result for result in record.results if result["status"] == "fail"]
        if broken:
            raise _refusal(broken, record, contract, outcome)
        record.reason = "; ".join(result["approval"] for result in record.results if "approval" in result) or None

    def _drift(self, record: Record, before: Record | None, profile: Profile, layout: str) -> Profile:
        """Taken once for a content: read again, by a newer contract say, it is not compared with what came after it."""
        if before and before.status == "accepted" and before.content_hash == record.content_hash:
            record.follows = before.follows
            return {key: value for key, value in before.measures.items() if key[0].endswith(AGAINST)}
        accepted = followed(record, self.standing)
        if accepted is None:
            return {}
        record.follows = {"file": accepted.file, "content_hash": accepted.content_hash, "rows": accepted.rows}
        return measures_against(profile, layout, accepted)

    def _years_missing(self, record: Record) -> int:
        """Years between the year of this file and the nearest earlier one of its table or kind, by what is there."""
        year = record.told[0]
        names = [name for name in self.files if kind_of(name) == kind_of(record.file)]
        told = [self.source.contract(record.table or "").told(read_path(name)).period for name in names]
        told += [other.told[0] for other in self.standing if other.table == record.table and other.told]
        earlier = [other for other in told if other is not None and other < year]
        return year - max(earlier) - 1 if earlier else 0

    def _results(self, suite: str, thresholds: Iterable[Threshold], profile: Profile, record: Record) -> list[dict]:
        from dagster_project.ingest import expectations

        asked = applied(thresholds, profile)
        results = []
        for (one, value), is_kept in zip(asked, expectations.judge(suite, asked), strict=True):
            result = {"name": one.name, "observed": value, "allowed": one.allowed, "because": one.because}
            approval = None if is_kept or one.severity == "warn" else self._approval(record, one.name)
            if approval:
                result["approval"] = str(approval)
            results.append(result | {"status": "pass" if is_kept else "warn" if approval else one.severity})
        return results

    def _approval(self, record: Record, name: str) -> Override | None:
        return next((one for one in self.overrides if one.covers(record.file, record.content_hash, name)), None)


def _refusal(broken: list[dict], record: Record, contract: Contract, outcome: Outcome) -> FileFault:
    """What is wrong with the file, worst first, and the two ways out of it."""
    rows = next((result for result in broken if result["name"] == "quarantined_share"), None)
    rule, line, messages = "contract", None, []
    if rows:
        rule, line, message = _too_many(contract, outcome)
        messages.append(message)
    messages += [_words(result, record) for result in broken if result is not rows]
    names = " and ".join(f"`{result['name']}`" for result in broken)
    ways = f"mend it or fetch the file again; if it is right, a named person approves {names} for it in {FILE}"
    return FileFault(rule, f"{'; '.join(messages)}; {ways}", line)


def _words(result: dict, record: Record) -> str:
    said = f"{result['name']} is {written(result['observed'])}, allowed is {result['allowed']} ({result['because']})"
    if record.follows and result["name"].endswith(AGAINST.removeprefix("_")):
        said += f", compared with the {record.follows['rows']:,} rows of {record.follows['file']} accepted before"
    return said


def _too_many(contract: Contract, outcome: Outcome) -> tuple[str, int, str]:
    """Rule and line of the rows that most of the broken ones resemble."""
    broken = sum(rows for rows, _ in outcome.quarantined.values())
    rule, (rows, sample) = max(outcome.quarantined.items(), key=lambda found: found[1][0])
    first = json.loads(sample)[0]
    where = f"first in line {first['line']}" + (f", column {first['column']}" if first["column"] else "")
    where += f", value {first['value']!r}" if first["value"] else ""
    total = broken + outcome.rows + outcome.repeated
    message = (
        f"{broken} of {total} rows break a rule, more than the tolerated {contract.tolerated_share:.0%}"
        f" ({contract.tolerated_because}); {rows} break {rule}, {where}"
    )
    return rule, first["line"], message

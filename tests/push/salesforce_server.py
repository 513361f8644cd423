"""A Salesforce org on this machine that takes ingest jobs of the Bulk API 2.0, in the form of the real answers.

It upserts by external id as Salesforce does. Not here: any expectation.
"""

import csv
import io
import re

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.pull.salesforce_server import answer, refusal


class SalesforceServer:
    """`records[object][external id]` is what the org holds; `troubles` are answers that come first, each once; `lost` are
    answers that get lost after the org has done what was asked; `faulty` says which external ids it refuses and why."""

    def __init__(self, server: HTTPServer, token: str) -> None:
        self.token = token
        self.records: dict[str, dict[str, dict[str, str]]] = {}
        self.jobs: dict[str, dict] = {}
        self.troubles: list[tuple[str, Response]] = []
        self.lost: list[tuple[str, Response]] = []
        self.faulty: dict[str, str] = {}
        self.ends_as, self.takes = "JobComplete", 1_000_000
        self.asked: list[str] = []
        self.uploads: list[str] = []
        server.expect_request(re.compile(".*")).respond_with_handler(self.answer)

    def trouble(self, where: str, *answers: Response) -> None:
        self.troubles += [(where, given) for given in answers]

    def answer(self, request: Request) -> Response:
        line = f"{request.method} {request.path}"
        self.asked.append(line)
        for trouble in self.troubles:
            if trouble[0] in line:
                self.troubles.remove(trouble)
                return trouble[1]
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
        given = self._job(request)
        for lost in self.lost:
            if lost[0] in line:
                self.lost.remove(lost)
                return lost[1]
        return given

    def _job(self, request: Request) -> Response:
        place = request.path.split("/jobs/ingest")[1].strip("/").split("/")
        if place == [""]:
            job = request.get_json() | {"id": f"750{len(self.jobs):015d}", "state": "Open"}
            self.jobs[job["id"]] = job
            return answer(job)
        job = self.jobs.get(place[0])
        if job is None:
            return refusal(404, "NOT_FOUND", "The requested resource does not exist")
        if request.method == "PUT":
            if "csv" in job:
                return refusal(400, "InvalidJob", f"Found multiple contents for job: <{job['id']}>")
            job["csv"] = request.get_data().decode("utf-8")
            self.uploads.append(job["csv"])
            return Response("", 201)
        if request.method == "PATCH":
            return self._turned(job, request.get_json()["state"])
        if len(place) > 1:
            return self._results(job, place[1])
        return answer({name: value for name, value in self._worked(job).items() if name != "csv"})

    def _turned(self, job: dict, state: str) -> Response:
        if job["state"] != "Open":
            return refusal(400, "INVALIDJOBSTATE", "Closing already closed Job not allowed")
        job["state"] = state
        return answer({"id": job["id"], "state": state})

    def _worked(self, job: dict) -> dict:
        """One step further on each look: queued, running, ended."""
        if job["state"] == "InProgress":
            self._run(job)
        elif job["state"] == "UploadComplete":
            job["state"] = "InProgress"
        return job

    def _run(self, job: dict) -> None:
        rows = list(csv.DictReader(io.StringIO(job["csv"], newline="")))
        table, key = self.records.setdefault(job["object"], {}), job["externalIdFieldName"]
        job["done"], job["failed"] = [], []
        for row in rows[: self.takes]:
            if row[key] in self.faulty:
                job["failed"].insert(0, {"sf__Id": "", "sf__Error": self.faulty[row[key]]} | row)
                continue
            job["done"].insert(0, {"sf__Id": f"a0X{row[key]}", "sf__Created": str(row[key] not in table).lower()} | row)
            held = table.setdefault(row[key], {})
            held |= {name: value for name, value in row.items() if value not in ("", "#N/A")}
            for name in [name for name, value in row.items() if value == "#N/A"]:
                held.pop(name, None)
        job["left"] = rows[self.takes :]
        counts = {"numberRecordsFailed": len(job["failed"]), "numberRecordsProcessed": len(rows[: self.takes])}
        job |= {"state": self.ends_as} | counts
        if self.ends_as != "JobComplete":
            job["errorMessage"] = "InvalidBatch : the job was stopped"

    def _results(self, job: dict, kind: str) -> Response:
        rows = job.get({"successfulResults": "done", "failedResults": "failed"}.get(kind, "left"), [])
        text = io.StringIO(newline="")
        columns = csv.DictReader(io.StringIO(job["csv"], newline="")).fieldnames
        first = {"successfulResults": ["sf__Id", "sf__Created"], "failedResults": ["sf__Id", "sf__Error"]}.get(kind, [])
        writer = csv.DictWriter(text, [*first, *columns], lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
        return Response(text.getvalue(), content_type="text/csv; charset=UTF-8")

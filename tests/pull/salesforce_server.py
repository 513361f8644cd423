"""A Salesforce org on this machine: query jobs of the Bulk API 2.0 and REST queries, in the form of the real answers.

It keeps records and answers SOQL of the few forms that the pull puts. Not here: any expectation.
"""

import csv
import io
import json
import re

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

FIELDS = {
    "Account": "Id Name Type ParentId CCN__c NPI__c GPO__c BillingStreet BillingCity BillingState BillingPostalCode OwnerId"
    " CreatedDate LastModifiedDate IsDeleted Phone SystemModstamp",
    "User": "Id Name Email IsActive ManagerId Title SystemModstamp",
    "Campaign": "Id Name Type Procedure_Family__c StartDate EndDate BudgetedCost IsDeleted SystemModstamp",
    "ForecastingQuota": "Id QuotaOwnerId StartDate QuotaAmount IsDeleted SystemModstamp",
}


class SalesforceServer:
    """`records[object][id]` is what the org holds; `troubles` are answers that come first, each once; `lost_rows` says how
    many rows the next pages lack of those that they announce."""

    def __init__(self, server: HTTPServer, token: str) -> None:
        self.token, self.page = token, 50_000
        self.fields = {name: fields.split() for name, fields in FIELDS.items()}
        self.records: dict[str, dict[str, dict[str, str]]] = {name: {} for name in FIELDS}
        self.troubles: list[tuple[str, Response]] = []
        self.states = ["UploadComplete", "InProgress", "JobComplete"]
        self.failure = ""
        self.created = "2026-11-25T12:00:00.000+0000"
        self.jobs: list[dict] = []
        self.asked: list[str] = []
        self.logins = 0
        self.lost_rows: list[int] = []
        server.expect_request(re.compile(".*")).respond_with_handler(self.answer)

    def put(self, name: str, id_: str, changed: str, **values: str) -> None:
        row = {"Id": id_, "IsDeleted": "false", "SystemModstamp": f"{changed}.000Z", "Name": f"name of {id_}"}
        self.records[name][id_] = row | values

    def trouble(self, where: str, *answers: Response) -> None:
        """The next requests whose method and path contain `where` get these instead."""
        self.troubles += [(where, answer) for answer in answers]

    def answer(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.full_path}")
        for trouble in self.troubles:
            if trouble[0] in self.asked[-1]:
                self.troubles.remove(trouble)
                return trouble[1]
        if request.path == "/services/oauth2/token":
            return self._login(request)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if request.path.endswith(("/query/", "/queryAll/")):
            return self._query(request.args["q"])
        if request.path.endswith("/jobs/query"):
            return self._create(request.get_json())
        return self._results(request) if request.path.endswith("/results") else self._state(request)

    def _login(self, request: Request) -> Response:
        self.logins += 1
        if request.form.get("grant_type") != "client_credentials" or not request.authorization:
            return Response(json.dumps({"error": "invalid_client"}), 400)
        return answer({"access_token": self.token, "instance_url": "https://acme.my.salesforce.com"})

    def _query(self, soql: str) -> Response:
        name = re.search(r"FROM (\w+)", soql)[1]
        if name not in self.fields:
            return refusal(400, "INVALID_TYPE", f"sObject type '{name}' is not supported.")
        if "COUNT()" in soql:
            return answer({"totalSize": len(self._found(soql)), "done": True, "records": []})
        for field in _selected(soql):
            if field not in self.fields[name]:
                said = f"\n{soql}\n      ^\nERROR at Row:1:Column:8\nNo such column '{field}' on entity '{name}'."
                return refusal(400, "INVALID_FIELD", said)
        return answer({"totalSize": 0, "done": True, "records": []})

    def _create(self, asked: dict) -> Response:
        self.jobs.append(asked | {"id": f"750{len(self.jobs):015d}", "left": list(self.states)})
        return answer(self._shown(self.jobs[-1], "UploadComplete"))

    def _state(self, request: Request) -> Response:
        job = self._job(request)
        state = job["left"].pop(0) if len(job["left"]) > 1 else job["left"][0]
        return answer(self._shown(job, state) | ({"errorMessage": self.failure} if self.failure else {}))

    def _shown(self, job: dict, state: str) -> dict:
        shown = {"id": job["id"], "operation": job["operation"], "createdDate": self.created, "state": state}
        return shown | {"jobType": "V2Query", "contentType": "CSV", "apiVersion": 59.0}

    def _job(self, request: Request) -> dict:
        return next(job for job in self.jobs if f"/{job['id']}" in request.path)

    def _results(self, request: Request) -> Response:
        job = self._job(request)
        rows, start = self._found(job["query"]), int(request.args.get("locator", 0))
        page = rows[start : start + self.page]
        fields = _selected(job["query"])
        text = io.StringIO(newline="")
        lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        lines.writerow(fields)
        lost = self.lost_rows.pop() if self.lost_rows else 0
        lines.writerows([row.get(field, "") for field in fields] for row in page[: len(page) - lost])
        more = start + self.page < len(rows)
        headers = {
            "Sforce-Locator": str(start + self.page) if more else "null",
            "Sforce-NumberOfRecords": str(len(page)),
        }
        return Response(text.getvalue(), headers=headers, content_type="text/csv; charset=UTF-8")

    def _found(self, soql: str) -> list[dict[str, str]]:
        rows = self.records[re.search(r"FROM (\w+)", soql)[1]].values()
        since = re.search(r"SystemModstamp >= (\S+)", soql)
        return [row for row in rows if since is None or row["SystemModstamp"] >= since[1]]


def _selected(soql: str) -> list[str]:
    return re.search(r"SELECT (.*) FROM", soql)[1].split(", ")


def answer(body: dict) -> Response:
    return Response(json.dumps(body), content_type="application/json")


def refusal(status: int, code: str, said: str, **headers: str) -> Response:
    body = json.dumps([{"message": said, "errorCode": code}])
    return Response(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def fill(org) -> None:
    for number in range(25):
        org.put("Account", f"001{number:015d}", f"2026-11-24T09:{number:02d}:00", OwnerId="005A", CCN__c="050454")


def change(org) -> None:
    org.put("Account", f"001{3:015d}", "2026-11-25T08:00:00", Name='St. "Mary",\nNorth', OwnerId="005B")
    org.put("Account", f"001{4:015d}", "2026-11-25T08:01:00", IsDeleted="true")
    org.put("Account", f"001{99:015d}", "2026-11-25T08:02:00", Name="New")

"""A HubSpot account on this machine: lists, searches, associations, owners, pipelines, properties, as the interface answers.

It keeps records and answers as HubSpot does, its ceiling of a search too. Not here: any expectation.
"""

import json
import re
from datetime import datetime

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

PROPERTIES = {
    "contacts": "firstname lastname jobtitle npi email phone city state zip hubspot_owner_id createdate lastmodifieddate",
    "companies": "name type city state zip hubspot_owner_id createdate hs_lastmodifieddate",
    "deals": "dealname dealstage pipeline hs_deal_stage_probability amount createdate closedate hubspot_owner_id"
    " hs_lastmodifieddate",
    "calls": "hs_call_title hs_call_disposition hs_call_status hs_call_duration hs_timestamp hubspot_owner_id hs_createdate"
    " hs_lastmodifieddate",
    "meetings": "hs_meeting_title hs_meeting_outcome hs_meeting_start_time hs_meeting_end_time hubspot_owner_id"
    " hs_lastmodifieddate",
}
OPTIONS = {"hs_call_disposition": {"f240bbac": "Connected"}, "hs_meeting_outcome": {"NO_SHOW": "No show"}}
STAGES = {"101": "Qualified", "102": "Trial"}


class HubspotServer:
    """`records[object][id]` are properties; `troubles` are answers that come first, each once."""

    def __init__(self, server: HTTPServer, token: str) -> None:
        self.token, self.associations_page, self.ceiling = token, 100, 10_000
        self.properties = {
            name: {word: word.replace("_", " ").title() for word in words.split()} for name, words in PROPERTIES.items()
        }
        self.records: dict[str, dict[str, dict[str, str]]] = {name: {} for name in PROPERTIES}
        self.archived: dict[str, dict[str, str]] = {name: {} for name in PROPERTIES}
        self.links: dict[tuple[str, str, str], list[tuple[int, str | None]]] = {}
        self.history: dict[str, list[tuple[str, str]]] = {}
        self.troubles: list[tuple[str, Response]] = []
        self.asked: list[tuple[str, dict | None]] = []
        server.expect_request(re.compile(".*")).respond_with_handler(self.answer)

    def put(self, name: str, id_: int, changed: str, /, **values: str) -> None:
        stamp = "lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate"
        self.records[name][str(id_)] = {stamp: f"{changed}.000Z", "hs_object_id": str(id_)} | values
        self.archived[name].pop(str(id_), None)

    def archive(self, name: str, id_: int, at: str) -> None:
        del self.records[name][str(id_)]
        self.archived[name][str(id_)] = f"{at}.000Z"

    def trouble(self, where: str, *answers: Response) -> None:
        self.troubles += [(where, given) for given in answers]

    def answer(self, request: Request) -> Response:
        body = json.loads(request.get_data() or "null")
        line = f"{request.method} {request.full_path}"
        self.asked.append((line, body))
        for trouble in self.troubles:
            if trouble[0] in line:
                self.troubles.remove(trouble)
                return trouble[1]
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return refusal(401, "INVALID_AUTHENTICATION", "Authentication credentials not found")
        path = request.path.removeprefix("/crm/").split("/")
        return {
            "properties": lambda: self._properties(path[2]),
            "owners": lambda: self._owners(request),
            "pipelines": self._pipelines,
            "associations": lambda: self._associations(path[2], path[3], body),
            "objects": lambda: self._objects(path, request, body),
        }[path[1]]()

    def _properties(self, name: str) -> Response:
        found = [
            {
                "name": word,
                "label": label,
                "type": "enumeration" if word in OPTIONS else "string",
                "options": [{"value": code, "label": text} for code, text in OPTIONS.get(word, {}).items()],
            }
            for word, label in self.properties[name].items()
        ]
        return given({"results": found})

    def _owners(self, request: Request) -> Response:
        if request.args["archived"].lower() == "true":
            return given({"results": [{"id": "8", "email": "left@acme.example"}]})
        if "after" in request.args:
            return given({"results": [{"id": "9", "email": "rep@acme.example"}]})
        return given({"results": [{"id": "7", "email": "lead@acme.example"}], "paging": {"next": {"after": "2"}}})

    def _pipelines(self) -> Response:
        stages = [{"id": code, "label": label} for code, label in STAGES.items()]
        return given({"results": [{"id": "default", "label": "Sales Pipeline", "stages": stages}]})

    def _associations(self, name: str, kind: str, body: dict) -> Response:
        results, without = [], []
        for asked in body["inputs"]:
            linked, start = self.links.get((name, asked["id"], kind), []), int(asked.get("after", 0))
            page = linked[start : start + self.associations_page]
            if not page:
                without.append(asked["id"])
                continue
            to = [{"toObjectId": id_, "associationTypes": [{"typeId": 1, "label": label}]} for id_, label in page]
            more = start + self.associations_page < len(linked)
            paging = {"paging": {"next": {"after": str(start + self.associations_page)}}} if more else {}
            results.append({"from": {"id": asked["id"]}, "to": to} | paging)
        if not without:
            return given({"status": "COMPLETE", "results": results})
        error = {"category": "OBJECT_NOT_FOUND", "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"}
        return given({"status": "COMPLETE", "results": results, "numErrors": 1, "errors": [error]}, 207)

    def _objects(self, path: list[str], request: Request, body: dict | None) -> Response:
        name = path[2]
        if path[-1] == "search":
            return self._search(name, body)
        if path[-2:] == ["batch", "read"]:
            return self._read(name, body)
        asked = request.args.getlist("properties")
        if request.args["archived"].lower() == "true":
            return given(
                {
                    "results": [
                        {"id": id_, "archived": True, "archivedAt": at, "updatedAt": at}
                        for id_, at in self.archived[name].items()
                    ]
                }
            )
        ids, start, limit = (
            sorted(self.records[name], key=int),
            int(request.args.get("after", 0)),
            int(request.args["limit"]),
        )
        page = {"results": [self._record(name, id_, asked) for id_ in ids[start : start + limit]]}
        more = start + limit < len(ids)
        return given(page | ({"paging": {"next": {"after": str(start + limit)}}} if more else {}))

    def _search(self, name: str, body: dict) -> Response:
        found = list(self.records[name].items())
        for condition in (body["filterGroups"] or [{"filters": []}])[0]["filters"]:
            field, value = condition["propertyName"], int(condition["value"])
            if condition["operator"] == "GTE":
                found = [(id_, row) for id_, row in found if milliseconds(row[field]) >= value]
            else:
                found = [(id_, row) for id_, row in found if int(row[field]) > value]
        for order in body.get("sorts", []):
            key = order["propertyName"]
            found.sort(key=lambda pair: int(pair[1][key]) if key == "hs_object_id" else pair[1][key])
            found = found[::-1] if order["direction"] == "DESCENDING" else found
        start = int(body.get("after", 0))
        if start + body["limit"] > self.ceiling:
            return refusal(400, "VALIDATION_ERROR", f"The limit of {self.ceiling} results is exceeded")
        page = [self._record(name, id_, body.get("properties", [])) for id_, _ in found[start : start + body["limit"]]]
        more = start + body["limit"] < len(found)
        paging = {"paging": {"next": {"after": str(start + body["limit"])}}} if more else {}
        return given({"total": len(found), "results": page} | paging)

    def _read(self, name: str, body: dict) -> Response:
        results = [
            {
                "id": asked["id"],
                "properties": {},
                "propertiesWithHistory": {
                    "dealstage": [
                        {"value": code, "timestamp": f"{at}.000Z"} for code, at in self.history.get(asked["id"], [])
                    ]
                },
            }
            for asked in body["inputs"]
        ]
        return given({"status": "COMPLETE", "results": results})

    def _record(self, name: str, id_: str, asked: list[str]) -> dict:
        row = self.records[name][id_]
        known = {field: row.get(field) for field in asked if field in self.properties[name] or field == "hs_object_id"}
        stamp = row.get("lastmodifieddate") or row["hs_lastmodifieddate"]
        return {"id": id_, "properties": known, "createdAt": stamp, "updatedAt": stamp, "archived": False}


def milliseconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def given(body: dict, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json;charset=utf-8")


def refusal(status: int, kind: str, said: str, **headers: str) -> Response:
    body = json.dumps({"status": "error", "message": said, "errorType": kind, "policyName": kind})
    return Response(
        body,
        status,
        {name.replace("_", "-"): value for name, value in headers.items()},
        content_type="application/json",
    )

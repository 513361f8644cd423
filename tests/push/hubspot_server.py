"""A HubSpot account on this machine that takes batches of contacts, as the interface answers. Not here: any expectation."""

import json
import re

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.pull.hubspot_server import given, refusal

AT = "2026-11-25T12:00:00.000Z"


class HubspotServer:
    """`contacts[id]` are properties; `troubles` are answers that come first, each once; `lost` are answers that get lost
    after the account has done what was asked; `faulty` are ids for which a whole batch is refused."""

    def __init__(self, server: HTTPServer, token: str) -> None:
        self.token = token
        self.contacts: dict[str, dict[str, str]] = {}
        self.properties: set[str] = set()
        self.troubles: list[tuple[str, Response]] = []
        self.lost: list[Response] = []
        self.faulty: set[str] = set()
        self.asked: list[tuple[str, dict]] = []
        server.expect_request(re.compile(".*")).respond_with_handler(self.answer)

    def trouble(self, where: str, *answers: Response) -> None:
        self.troubles += [(where, answer) for answer in answers]

    def answer(self, request: Request) -> Response:
        body = request.get_json()
        self.asked.append((request.path, body))
        for trouble in self.troubles:
            if trouble[0] in request.path:
                self.troubles.remove(trouble)
                return trouble[1]
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return refusal(401, "INVALID_AUTHENTICATION", "Authentication credentials not found")
        done = self._batch(body["inputs"], request.path.endswith("/upsert"))
        return self.lost.pop() if self.lost else done

    def _batch(self, inputs: list[dict], makes: bool) -> Response:
        if len(inputs) > 100:
            return refusal(400, "VALIDATION_ERROR", "batch size is too large")
        named = {name for one in inputs for name in one["properties"]}
        if self.properties and (lacking := sorted(named - self.properties)):
            return refusal(400, "VALIDATION_ERROR", f"PROPERTY_DOESNT_EXIST: Property {lacking[0]} does not exist")
        if wrong := self.faulty & {one["id"] for one in inputs}:
            return refusal(400, "VALIDATION_ERROR", f"{sorted(wrong)[0]}: rank was not a valid number")
        results, absent = [], []
        for one in inputs:
            key = one["id"] if not makes else f"by {one['idProperty']} {one['id']}"
            if key not in self.contacts and not makes:
                absent.append(one["id"])
                continue
            is_new = key not in self.contacts
            self.contacts.setdefault(key, {}).update(one["properties"])
            found = {"id": key, "archived": False, "createdAt": AT, "updatedAt": AT, "properties": one["properties"]}
            results.insert(
                0, found | {"objectWriteTraceId": one["objectWriteTraceId"]} | ({"new": is_new} if makes else {})
            )
        body = {"status": "COMPLETE", "startedAt": AT, "completedAt": AT, "results": results}
        if not absent:
            return given(body)
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Could not get some CONTACT objects"}
        body |= {"numErrors": 1, "errors": [error | {"context": {"ids": absent}}]}
        return Response(json.dumps(body), 207, content_type="application/json")

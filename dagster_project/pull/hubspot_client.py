"""A HubSpot account through hubspot-api-client: one question, one answer, and every failure in words.

Belongs here: asking, the pace of searches, what an error means. Not here: which objects and properties.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from hubspot import HubSpot
from urllib3.exceptions import HTTPError

from dagster_project.pull.access import HubspotAccess
from dagster_project.pull.faults import (
    PULL,
    AbsentError,
    AccessError,
    BrokenAnswer,
    CrmError,
    RefusedError,
    Verb,
)
from dagster_project.pull.patience import RETRY, TIMEOUT, Pace, until_whole

Answer = TypeVar("Answer")
HOST = "https://api.hubapi.com"
# HubSpot allows four or five searches a second, by account, and sends no header that counts them down.
SEARCHES_A_SECOND = 3


class HubspotClient:
    """Asks with the token of the environment."""

    def __init__(self, access: HubspotAccess, verb: Verb = PULL) -> None:
        self.access, self.verb = access.checked(), verb
        # What comes is checked by what we need of it; the library's own check refuses answers that lack what nobody reads.
        self.api = HubSpot(
            access_token=self.access.token.get_secret_value(), retry=RETRY, host=HOST, client_side_validation=False
        )
        self._searches = Pace(SEARCHES_A_SECOND)

    def ask(self, what: str, question: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:
        """The answer to a call of the library; a `CrmError` that names `what` where there is none."""
        try:
            return until_whole(lambda: _whole(question, arguments, {"_request_timeout": TIMEOUT} | options))
        except Exception as error:
            failure = self._meaning(what, error)
        raise failure  # outside of `except`: no error of the library, whose frames hold the token, hangs on ours

    def search(self, what: str, object_type: str, request: dict[str, Any]) -> Any:
        self._searches.wait()
        return self.ask(what, self.api.crm.objects.search_api.do_search, object_type, request)

    def _meaning(self, what: str, error: Exception) -> CrmError:
        status = getattr(error, "status", None)
        if status:
            said = " ".join(self.access.hide(str(getattr(error, "body", "") or "")).split())[:300]
            return self._refusal(what, int(status), said)
        if isinstance(error, BrokenAnswer):
            return CrmError(
                f"{what}: {error}, again and again; {self.verb.consequence}, {self.verb.name} it again later"
            )
        if isinstance(error, HTTPError | OSError):
            return CrmError(
                f"{what}: the connection to HubSpot fails ({type(error).__name__}); look at the network, then {self.verb.name} again"
            )
        return CrmError(
            f"{what}: an answer that HubSpot should not give ({type(error).__name__}); {self.verb.name} again later"
        )

    def _refusal(self, what: str, status: int, said: str) -> CrmError:
        if status == 401:
            return AccessError(
                f"HubSpot does not accept FIELDSCOPE_HUBSPOT_TOKEN; copy the private app's token again ({self.verb.page})"
            )
        if status == 403:
            return CrmError(
                f"{what}: not allowed; give the private app the {self.verb.right} scopes that {self.verb.page} names ({said})"
            )
        if status == 404:
            return AbsentError(f"{what}: the account has no such object ({said})")
        if status == 429 and "DAILY" in said:
            return AccessError(
                f"The account has used up its API requests of today; {self.verb.name} again after midnight of its time zone"
            )
        if status == 429 or status >= 500:
            return CrmError(
                f"{what}: HubSpot answered {status} to every try; {self.verb.consequence}, {self.verb.name} again later"
            )
        return RefusedError(f"{what}: HubSpot says {status} {said}; {self.verb.consequence}", said)


def _whole(question: Callable[..., Answer], arguments: tuple, options: dict[str, Any]) -> Answer:
    """The answer with its results; half an answer makes the library stumble in many ways."""
    try:
        answer = question(*arguments, **options)
    except (AttributeError, TypeError, ValueError):
        broken = True
    else:
        broken = getattr(answer, "results", None) is None
    if broken:
        raise BrokenAnswer("half an answer came")
    return answer

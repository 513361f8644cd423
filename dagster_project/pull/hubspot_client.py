"""A HubSpot account through hubspot-api-client: one question, one answer, and every failure in words.

Belongs here: asking, the pace of searches, what an error means. Not here: which objects and properties.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from hubspot import HubSpot
from urllib3.exceptions import HTTPError

from dagster_project.pull.access import HubspotAccess
from dagster_project.pull.faults import AbsentError, AccessError, BrokenAnswer, PullError
from dagster_project.pull.patience import RETRY, TIMEOUT, Pace, until_whole

Answer = TypeVar("Answer")
HOST = "https://api.hubapi.com"
# HubSpot allows four or five searches a second, by account, and sends no header that counts them down.
SEARCHES_A_SECOND = 3


class HubspotClient:
    """Asks with the token of the environment."""

    def __init__(self, access: HubspotAccess) -> None:
        self.access = access.checked()
        # What comes is checked by what we need of it; the library's own check refuses answers that lack what nobody reads.
        self.api = HubSpot(
            access_token=self.access.token.get_secret_value(), retry=RETRY, host=HOST, client_side_validation=False
        )
        self._searches = Pace(SEARCHES_A_SECOND)

    def ask(self, what: str, question: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:
        """The answer to a call of the library; a `PullError` that names `what` where there is none."""
        try:
            return until_whole(lambda: _whole(question, arguments, {"_request_timeout": TIMEOUT} | options))
        except Exception as error:
            failure = self._meaning(what, error)
        raise failure  # outside of `except`: no error of the library, whose frames hold the token, hangs on ours

    def search(self, what: str, object_type: str, request: dict[str, Any]) -> Any:
        self._searches.wait()
        return self.ask(what, self.api.crm.objects.search_api.do_search, object_type, request)

    def _meaning(self, what: str, error: Exception) -> PullError:
        status = getattr(error, "status", None)
        if status:
            said = " ".join(self.access.hide(str(getattr(error, "body", "") or "")).split())[:300]
            return self._refusal(what, int(status), said)
        if isinstance(error, BrokenAnswer):
            return PullError(f"{what}: {error}, again and again; nothing was changed, pull it again later")
        if isinstance(error, HTTPError | OSError):
            return PullError(
                f"{what}: the connection to HubSpot fails ({type(error).__name__}); look at the network, then pull again"
            )
        return PullError(f"{what}: an answer that HubSpot should not give ({type(error).__name__}); pull again later")

    def _refusal(self, what: str, status: int, said: str) -> PullError:
        if status == 401:
            return AccessError(
                "HubSpot does not accept FIELDSCOPE_HUBSPOT_TOKEN; copy the private app's token again (docs/pull.md)"
            )
        if status == 403:
            return PullError(
                f"{what}: not allowed; give the private app the read scopes that docs/pull.md names ({said})"
            )
        if status == 404:
            return AbsentError(f"{what}: the account has no such object ({said})")
        if status == 429 and "DAILY" in said:
            return AccessError(
                "The account has used up its API requests of today; pull again after midnight of its time zone"
            )
        if status == 429 or status >= 500:
            return PullError(f"{what}: HubSpot answered {status} to every try; nothing was changed, pull again later")
        return PullError(f"{what}: HubSpot says {status} {said}; nothing was changed")


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

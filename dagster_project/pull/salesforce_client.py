"""A Salesforce org through simple-salesforce: one question, one answer, and every failure in words.

Belongs here: logging in, asking, what an error means. Not here: which objects and fields.
"""

import json
import re
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import requests
from simple_salesforce import exceptions as library
from simple_salesforce.api import Salesforce

from dagster_project.pull.access import SalesforceAccess
from dagster_project.pull.faults import AbsentError, AccessError, BrokenAnswer, PullError
from dagster_project.pull.patience import PatientSession, until_whole

Answer = TypeVar("Answer")
_RIGHTS = "give the user of the pull API access and read access to it (docs/pull.md)"


class MissingFieldError(PullError):
    """The org has no such field, or hides it; `said` is Salesforce's own sentence."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class SalesforceClient:
    """Asks with the access of the environment; a session that has run out is opened again once a question."""

    def __init__(self, access: SalesforceAccess) -> None:
        self.access = access.checked()
        self._renews = not access.access_token.get_secret_value()
        self.api = self._explained("log in", self._open)

    @property
    def org(self) -> str:
        return self.api.sf_instance

    def ask(self, what: str, question: Callable[[Salesforce], Answer]) -> Answer:
        """The answer to `question`; a `PullError` that names `what` where there is none."""
        try:
            return self._explained(what, lambda: until_whole(lambda: question(self.api)))
        except _ExpiredError:
            expired = True
        if expired and self._renews:
            self.api = self._explained("log in again", self._open)
            return self._explained(what, lambda: until_whole(lambda: question(self.api)))
        raise AccessError(
            "Salesforce says that the session of FIELDSCOPE_SALESFORCE_ACCESS_TOKEN has ended or is not valid; get a new token, or"
            " use a connected app, which renews its own (docs/pull.md)"
        )

    def _open(self) -> Salesforce:
        access, session = self.access, PatientSession()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns with the consumer key in its text
            if not self._renews:
                return Salesforce(
                    instance_url=access.instance_url, session_id=access.access_token.get_secret_value(), session=session
                )
            return Salesforce(
                domain=access.domain.removesuffix(".salesforce.com"),
                consumer_key=access.consumer_key.get_secret_value(),
                consumer_secret=access.consumer_secret.get_secret_value(),
                session=session,
            )

    def _explained(self, what: str, call: Callable[[], Answer]) -> Answer:
        """Raises outside of `except`, so that no error of the library, whose frames hold the token, hangs on ours."""
        try:
            return call()
        except Exception as error:
            failure = self._meaning(what, error)
        raise failure

    def _meaning(self, what: str, error: Exception) -> PullError:
        if isinstance(error, PullError):
            return error
        if isinstance(error, library.SalesforceAuthenticationFailed):
            said = self.access.hide(f"{error.code}: {error.auth_message}")[:300]
            return AccessError(
                f"Salesforce refuses the login ({said}); look at the connected app, its run-as user and the domain"
            )
        if isinstance(error, library.SalesforceError):
            return self._refusal(what, error.status, *_said(error.content))
        if isinstance(error, library.SalesforceOperationError):
            return self._refusal(what, 0, "", str(error))
        if isinstance(error, BrokenAnswer):
            return PullError(f"{what}: {error}, again and again; nothing was changed, pull it again later")
        if isinstance(error, requests.RequestException):
            return PullError(
                f"{what}: the connection to Salesforce fails ({type(error).__name__}); look at the network and the org's address,"
                " then pull again"
            )
        return PullError(
            f"{what}: an answer that Salesforce should not give ({type(error).__name__}); pull again later"
        )

    def _refusal(self, what: str, status: int, code: str, text: str) -> PullError:
        whole = " ".join(self.access.hide(text).split())
        said = whole[:300]
        told = f"{code} {said}"
        if status == 401 or "INVALID_SESSION_ID" in told:
            return _ExpiredError(what)
        if "REQUEST_LIMIT_EXCEEDED" in told:
            return AccessError(
                "The org has used up its API requests of these 24 hours; pull again tomorrow, or ask for more"
            )
        if "INVALID_FIELD" in told:
            return MissingFieldError(whole)
        if re.search(r"INVALID_?TYPE|INVALIDENTITY", told):
            return AbsentError(f"{what}: the org has no such object, or hides it ({said}); {_RIGHTS}")
        if status == 429 or status >= 500:
            return PullError(
                f"{what}: Salesforce answered {status} to every try; nothing was changed, pull again later"
            )
        if status == 403:
            return PullError(f"{what}: not allowed ({told.strip()}); {_RIGHTS}")
        return PullError(f"{what}: Salesforce says {told.strip()}; nothing was changed")


class _ExpiredError(PullError):
    """The session is over."""


def _said(content: Any) -> tuple[str, str]:
    """Code and sentence of Salesforce's answer `[{"errorCode": …, "message": …}]`, or what else it sent."""
    first = content[0] if isinstance(content, list) and content else content
    if isinstance(first, dict):
        return str(first.get("errorCode", "")), str(first.get("message", ""))
    return "", first if isinstance(first, str) else json.dumps(str(first))

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
from dagster_project.pull.faults import (
    PULL,
    AbsentError,
    AccessError,
    BrokenAnswer,
    CrmError,
    RefusedError,
    Verb,
)
from dagster_project.pull.patience import PatientSession, until_whole

Answer = TypeVar("Answer")


class MissingFieldError(CrmError):
    """The org has no such field, or hides it; `said` is Salesforce's own sentence."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class SalesforceClient:
    """Asks with the access of the environment; a session that has run out is opened again once a question."""

    def __init__(self, access: SalesforceAccess, verb: Verb = PULL) -> None:
        self.access, self.verb = access.checked(), verb
        self._rights = f"give the user of the {verb.name} API access and {verb.right} access to it ({verb.page})"
        self._renews = not access.access_token.get_secret_value()
        self.api = self._explained("log in", self._open)

    @property
    def org(self) -> str:
        return self.api.sf_instance

    def ask(self, what: str, question: Callable[[Salesforce], Answer]) -> Answer:
        """The answer to `question`; a `CrmError` that names `what` where there is none."""
        try:
            return self._explained(what, lambda: until_whole(lambda: question(self.api)))
        except _ExpiredError:
            expired = True
        if expired and self._renews:
            self.api = self._explained("log in again", self._open)
            return self._explained(what, lambda: until_whole(lambda: question(self.api)))
        raise AccessError(
            f"Salesforce says that the session of FIELDSCOPE_SALESFORCE_ACCESS_TOKEN has ended or is not valid; get a new token, or"
            f" use a connected app, which renews its own ({self.verb.page})"
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

    def _meaning(self, what: str, error: Exception) -> CrmError:
        if isinstance(error, CrmError):
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
            return CrmError(
                f"{what}: {error}, again and again; {self.verb.consequence}, {self.verb.name} it again later"
            )
        if isinstance(error, requests.RequestException):
            return CrmError(
                f"{what}: the connection to Salesforce fails ({type(error).__name__}); look at the network and the org's address,"
                f" then {self.verb.name} again"
            )
        return CrmError(
            f"{what}: an answer that Salesforce should not give ({type(error).__name__}); {self.verb.name} again later"
        )

    def _refusal(self, what: str, status: int, code: str, text: str) -> CrmError:
        whole = " ".join(self.access.hide(text).split())
        said = whole[:300]
        told = f"{code} {said}"
        if status == 401 or "INVALID_SESSION_ID" in told:
            return _ExpiredError(what)
        if "REQUEST_LIMIT_EXCEEDED" in told:
            return AccessError(
                f"The org has used up its API requests of these 24 hours; {self.verb.name} again tomorrow, or ask for more"
            )
        if "INVALID_FIELD" in told:
            return MissingFieldError(whole)
        if re.search(r"INVALID_?TYPE|INVALIDENTITY", told):
            return AbsentError(f"{what}: the org has no such object, or hides it ({said}); {self._rights}")
        if status == 429 or status >= 500:
            return CrmError(
                f"{what}: Salesforce answered {status} to every try; {self.verb.consequence}, {self.verb.name} again later"
            )
        if status == 403:
            return CrmError(f"{what}: not allowed ({told.strip()}); {self._rights}")
        return RefusedError(f"{what}: Salesforce says {told.strip()}; {self.verb.consequence}", told.strip())


class _ExpiredError(CrmError):
    """The session is over."""


def _said(content: Any) -> tuple[str, str]:
    """Code and sentence of Salesforce's answer `[{"errorCode": …, "message": …}]`, or what else it sent."""
    first = content[0] if isinstance(content, list) and content else content
    if isinstance(first, dict):
        return str(first.get("errorCode", "")), str(first.get("message", ""))
    return "", first if isinstance(first, str) else json.dumps(str(first))

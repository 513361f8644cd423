"""Asks a publisher's server politely: one connection, a pause between requests, bounded retries that honour Retry-After.

Belongs here: requests, refusals and what to say about them. Not here: what the answers mean, and writing files (`download`).
"""

from __future__ import annotations

import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3.util.retry import Retry

from dagster_project.fetch.settings import FetchSettings

LONGEST_WAIT = 300
OVERLOADED = (429, 500, 502, 503, 504)
# Some portals refuse every program that does not call itself a browser. Asked once more, we do, and still give our name.
BROWSER_LIKE = "Mozilla/5.0 (compatible; {name})"


class FetchError(Exception):
    """Why something could not be fetched, and what to do."""


class NoRows(FetchError):
    """The states asked for have no row."""

    def __init__(self, place: str, states: tuple[str, ...]) -> None:
        super().__init__(f"{place} has no row of {', '.join(states)}; write states as the file does, as in MA")


class Portal:
    """One polite connection for the whole command."""

    def __init__(self, settings: FetchSettings) -> None:
        self.settings = settings
        self.session = requests.Session()
        self.session.headers["User-Agent"] = settings.user_agent
        retry = Retry(
            total=settings.retries,
            status_forcelist=OVERLOADED,
            allowed_methods=("GET", "HEAD"),
            backoff_factor=1,
            backoff_max=60,
            retry_after_max=LONGEST_WAIT,
            raise_on_status=False,
        )
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=retry)
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)
        self._free_at = 0.0

    def json(self, url: str, params: dict[str, Any] | None = None) -> Any:
        """A small answer as JSON."""
        response = self._whole(url, params)
        try:
            return response.json()
        except ValueError:
            shown = " ".join(response.text[:80].split())
            raise FetchError(f"{url} answered with something that is no JSON: {shown!r}; try again later") from None

    def text(self, url: str) -> str:
        return self._whole(url, None).text

    def size(self, url: str) -> int | None:
        """What the server says a file holds; unknown where it does not tell."""
        try:
            with self.send("HEAD", url, headers={"Accept-Encoding": "identity"}) as response:
                length = response.headers.get("Content-Length", "")
        except FetchError:
            return None
        return int(length) if length.isdecimal() else None

    def send(self, method: str, url: str, **options: Any) -> requests.Response:
        """One answer, its body unread. A refused name is changed once; what is refused then is an error."""
        response = self._once(method, url, options)
        plain = self.settings.user_agent
        if response.status_code == 403 and self.session.headers["User-Agent"] == plain:
            response.close()
            self.session.headers["User-Agent"] = BROWSER_LIKE.format(name=plain)
            response = self._once(method, url, options)
        if response.status_code >= 400 and response.status_code != 416:
            response.close()
            raise FetchError(_explained(response.status_code, url))
        return response

    def _whole(self, url: str, params: dict[str, Any] | None) -> requests.Response:
        """An answer with its body; one that breaks off is asked for again."""
        for tried in range(self.settings.retries + 1):
            if tried:
                time.sleep(waiting(tried))
            with self.send("GET", url, params=params) as response:
                try:
                    response.content  # noqa: B018  reads the body
                except RequestException:
                    continue
                return response
        raise FetchError(f"{url} broke off {self.settings.retries + 1} times; try again later")

    def _once(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        time.sleep(max(0.0, self._free_at - time.monotonic()))
        try:
            return self.session.request(
                method, url, stream=True, timeout=self.settings.timeout_seconds, allow_redirects=True, **options
            )
        except RequestException as error:
            raise FetchError(f"{url} cannot be reached ({_cause(error)}); check the network and try again") from error
        finally:
            self._free_at = time.monotonic() + self.settings.pause_seconds


def waiting(tried: int) -> float:
    """Seconds before the next attempt: 1, 2, 4 … a minute."""
    return float(min(60, 2 ** (tried - 1)))


def _explained(status: int, url: str) -> str:
    if status == 403:
        return f"{url} refuses us (403), by our own name and as a browser; set FIELDSCOPE_FETCH_USER_AGENT to a name that it takes"
    if status in (404, 410):
        return f"{url} is gone ({status}); the publisher may just be changing its files, run again later"
    if status == 429:
        return f"{url} says that we ask too often (429), after every wait that it asked for; run again in an hour"
    if status >= 500:
        return f"{url} fails on its side ({status}) time after time; run again later"
    return f"{url} answered {status}; see whether the publisher has moved its catalogue"


def _cause(error: BaseException) -> str:
    return type(error.__cause__ or error.__context__ or error).__name__

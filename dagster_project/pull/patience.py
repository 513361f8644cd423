"""How long we put up with a CRM that is busy, broken or slow: the same for both.

Belongs here: retries, timeouts and the pace of requests. Not here: what an answer means.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util.retry import Retry

from dagster_project.pull.faults import BrokenAnswer

Answer = TypeVar("Answer")

# Seconds to connect, and seconds without a byte.
TIMEOUT = (15, 300)
# Six more tries over about a minute, longer where the CRM says so (`Retry-After`), yet at most two minutes each.
RETRY = Retry(
    total=6,
    backoff_factor=1,
    backoff_max=60,
    retry_after_max=120,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=None,
    raise_on_status=False,
)
_BODIES = 4
_BROKEN = (
    BrokenAnswer,
    requests.exceptions.ChunkedEncodingError,
    requests.ConnectionError,
    requests.Timeout,
    HTTPError,
)


class PatientSession(requests.Session):
    """A session that repeats what failed for a passing reason and never waits for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.mount("https://", HTTPAdapter(max_retries=RETRY))

    def request(self, method, url, *arguments, **options):
        return super().request(method, url, *arguments, **{"timeout": TIMEOUT} | options)


def until_whole(call: Callable[[], Answer]) -> Answer:
    """The answer of `call`, asked again while it breaks off on the way; every call through here is safe to repeat."""
    for turn in range(_BODIES - 1):
        try:
            return call()
        except _BROKEN as error:
            if isinstance(error, MaxRetryError) or any(isinstance(cause, MaxRetryError) for cause in error.args):
                raise  # tried often enough already, below
            time.sleep(2**turn)
    return call()


class Pace:
    """At most so many calls a second."""

    def __init__(self, a_second: float) -> None:
        self.gap, self.next = 1 / a_second, 0.0

    def wait(self) -> None:
        now = time.monotonic()
        if now < self.next:
            time.sleep(self.next - now)
        self.next = max(now, self.next) + self.gap

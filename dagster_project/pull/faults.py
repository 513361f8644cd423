"""What can go wrong between us and a CRM, in words that say what to do: for a pull and for a push.

Belongs here: the kinds of failure by what is done next. Not here: which answer of which CRM is which.
The texts never hold a secret, and no error of a client library hangs on one of these: its frames hold tokens.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """What we ask of a CRM, as far as the words of a failure depend on it."""

    name: str
    right: str
    consequence: str

    @property
    def page(self) -> str:
        return f"docs/{self.name}.md"


PULL = Verb("pull", "read", "nothing was changed")
PUSH = Verb("push", "write", "what is not confirmed counts as not sent")


class CrmError(Exception):
    """This object is not pulled or pushed; the others go on, and what was there stays as it was."""


class RefusedError(CrmError):
    """The CRM understood the request and says no; `said` are its own words."""

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.said = said


class AccessError(CrmError):
    """Nothing more can be asked of this CRM: the pull or push ends here."""


class AbsentError(CrmError):
    """The org has no such object, or hides it from this user."""


class BrokenAnswer(Exception):
    """Less came than was announced; asking again is safe."""

"""What can go wrong between us and a CRM, in words that say what to do.

Belongs here: the kinds of failure by what the pull does next. Not here: which answer of which CRM is which.
The texts never hold a secret, and no error of a client library hangs on one of these: its frames hold tokens.
"""


class PullError(Exception):
    """This object is not pulled; the others go on, and its file stays as it was."""


class AccessError(PullError):
    """Nothing more can be asked of this CRM: the pull ends here."""


class AbsentError(PullError):
    """The org has no such object, or hides it from this user."""


class BrokenAnswer(Exception):
    """Less came than was announced; asking again is safe."""

"""What a caller can do wrong, as types that the pages and the API translate into 4xx answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from andon.records.workflow import Refusal


class Refused(Exception):
    """A rule stands against the step; nothing was changed. 422 at the API."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = list(refusals)
        super().__init__(" ".join(str(refusal.message) for refusal in self.refusals))

    @classmethod
    def because(cls, message: str, field: str = "") -> "Refused":
        """Return a refusal with one reason."""
        return cls([Refusal(message, field)])


class NotSigned(Refused):
    """Who wanted to sign did not prove who it is; it counts like a log-in that failed."""


class Conflict(Exception):
    """The present state of something else forbids it, such as an overdue instrument. 409."""


class Busy(Exception):
    """More waits to be stored than is bearable; nothing of this was. 503, try again soon."""


class Stale(Conflict):
    """The record was changed since it was read; both versions are told. 409."""

    def __init__(
        self,
        mine: Mapping[str, Any],
        theirs: Mapping[str, Any],
        *,
        told: Sequence[tuple[str, str, str]] = (),
        url: str = "",
    ) -> None:
        self.mine, self.theirs = dict(mine), dict(theirs)
        self.told, self.url = list(told), url
        """Each field that was sent: its name, what is stored now, what was sent; and the record."""
        super().__init__(_("The record was changed in the meantime."))


class Forbidden(Exception):
    """The acting account does not hold the permission. 403."""

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(_("This needs the permission %(name)s.") % {"name": permission})

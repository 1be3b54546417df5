"""Signatures as they are told wherever a record is: name, instant with zone, meaning, validity.

21 CFR 11.50 names the first three, 11.70 the last. How a person proves who signs is in `signing`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.content import digest_of
from andon.records.models import Record


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature of a record."""

    name: str
    meaning: str
    signed_at: datetime
    """In the site's zone."""
    digest: str
    is_void: bool

    @property
    def at(self) -> str:
        """The instant with its zone, for people."""
        return date_format(self.signed_at, "j M Y H:i T")

    @property
    def validity(self) -> str:
        """Whether it still holds, in words."""
        return _("void: edited after signing") if self.is_void else _("valid")

    def as_dict(self) -> dict[str, Any]:
        """Return it as the interface tells it."""
        return {
            "name": self.name, "meaning": self.meaning, "signed_at": self.signed_at,
            "digest": self.digest, "is_void": self.is_void,
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}: {self.meaning}, {self.at}, {self.validity}"


def signatures_of(record: Record) -> list[SignatureLine]:
    """Return the signatures of a record, oldest first."""
    kept = sorted(record.signatures.all(), key=lambda one: one.pk)
    digest = digest_of(record) if kept else ""
    return [
        SignatureLine(
            one.printed_name, one.meaning, one.signed_at.astimezone(clock.site_zone()),
            one.digest, one.digest != digest,
        )
        for one in kept
    ]  # fmt: skip

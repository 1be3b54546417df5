"""What proves the trail and tells what no row's change would: anchors, reviews, security events."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.records.models.account import Account
from andon.records.models.record import Record


class Anchor(models.Model):
    """What the database remembers of a line of the anchor file, so that none can be cut off."""

    number = models.PositiveIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    entries = models.PositiveBigIntegerField()
    chains = models.PositiveBigIntegerField()
    last_entry = models.PositiveBigIntegerField()
    """The highest id of an entry then: only to tell cheaply whether more have come."""
    anchored_at = models.DateTimeField()
    trail = False
    is_append_only = True

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number}:{self.root}"


class TrailReview(models.Model):
    """Somebody read a record's trail up to an entry, and says what was seen (Annex 11, 9)."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="trail_reviews")
    reviewed_until = models.PositiveIntegerField(_("reviewed up to entry"))
    head = models.CharField(max_length=64)
    """The digest of that entry."""
    note = models.CharField(_("what was seen"), max_length=500)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed"))
    is_append_only = True

    class Meta:
        ordering = ("id",)
        verbose_name = _("review of the trail")
        indexes: ClassVar = [models.Index(fields=["record", "-id"], name="trail_review_record")]

    def __str__(self) -> str:
        return f"{self.reviewed_until}: {self.note}"


class SecurityEvent(models.Model):
    """Something that changed no record and has to be known all the same (21 CFR 11.300(d))."""

    class Kind(models.TextChoices):
        """What happened."""

        LOGGED_IN = "logged in", _("logged in")
        LOGGED_OUT = "logged out", _("logged out")
        LOGIN_FAILED = "log-in failed", _("log-in failed")
        SIGNING_FAILED = "signing failed", _("signing failed")
        LOCKED = "locked", _("account locked")
        PASSWORD_CHANGED = "password changed", _("password changed")
        SECOND_FACTOR = "second factor changed", _("second factor changed")
        SESSION_ENDED = "session ended", _("session ended")
        INVITED = "invited", _("invitation made")
        ACCESS_REVIEWED = "access reviewed", _("access reviewed")
        EXPORTED = "exported", _("list exported")
        PRINTED = "printed", _("record printed")
        DOWNLOADED = "downloaded", _("file downloaded")
        INSPECTED = "inspected", _("inspector export made")
        BACKED_UP = "backed up", _("backup made")
        RESTORED = "restored", _("restored from a backup")
        CONFIGURED = "configured", _("configuration changed")
        CLOCK_SET_BACK = "clock set back", _("clock set back")
        VERIFIED = "verified", _("trail verified")
        QUALIFIED = "qualified", _("installation qualified")

    kind = models.CharField(max_length=30, choices=Kind.choices)
    username = models.CharField(max_length=150)
    """As given: of a failed log-in there may be no such account."""
    address = models.CharField(max_length=64)
    about = models.CharField(max_length=500)
    happened_at = models.DateTimeField()
    is_append_only = True

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [
            models.Index(fields=["kind", "-id"], name="security_event_kind"),
            models.Index(fields=["username", "-id"], name="security_event_username"),
        ]

    def __str__(self) -> str:
        return f"{self.happened_at}: {self.kind} {self.username} {self.about}"

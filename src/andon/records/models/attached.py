"""What hangs on a record: links, files, comments; and a person's saved filters."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.records.models.account import Account
from andon.records.models.record import Record
from andon.records.sites import SeenByReader


class Link(models.Model):
    """A named arrow from one record to another: every arrow of the loop is one of these."""

    class Kind(models.TextChoices):
        """What the arrow says, read from source to target."""

        RAISED = "raised", _("raised")
        CONTAINS = "contains", _("contains")
        ACTS_ON = "acts on", _("acts on")
        RECURRENCE = "recurrence of", _("recurrence of")
        RELATED = "related", _("related to")

    source = models.ForeignKey(Record, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Record, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=30, choices=Kind.choices, default=Kind.RELATED)
    note = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    trail_record = "source"
    seen_with = ("source", "target")
    objects: ClassVar[SeenByReader[Self]] = SeenByReader()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="one_link"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="no_link_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Attachment(models.Model):
    """A file kept by the hash of its content, which is checked at each download."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    seen_with = ("record",)
    objects: ClassVar[SeenByReader[Self]] = SeenByReader()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Comment(models.Model):
    """What somebody said about a record; it is not edited, only answered."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="comments")
    text = models.TextField(max_length=10_000)
    author = models.ForeignKey(Account, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text[:60]


class SavedFilter(models.Model):
    """A list's query string under a name of one's own."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="filters")
    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000)
    trail = False

    class Meta:
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "kind", "name"], name="one_filter_name"),
        ]

    def __str__(self) -> str:
        return self.name

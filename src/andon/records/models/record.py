"""Record: the one register of everything that has a number, a state and an owner."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from andon.records import clock
from andon.records.models.account import Account, Site
from andon.records.sites import SeenByReader
from andon.records.workflow import State, Workflow


class Record(models.Model):
    """Number, title, state, owner, due, site. Subclasses add their fields and a `WORKFLOW`."""

    WORKFLOW: ClassVar[Workflow]

    kind = models.CharField(_("type"), max_length=60, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    state = models.CharField(_("state"), max_length=40, editable=False)
    state_since = models.DateTimeField(_("in this state since"), editable=False)
    owner = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(Account, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects: ClassVar[SeenByReader[Self]] = SeenByReader()

    class Meta:
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["kind", "state", "-id"], name="record_kind_state"),
            models.Index(fields=["owner", "closed_at", "due_at"], name="record_owner_due"),
            models.Index(fields=["created_by", "closed_at"], name="record_author_open"),
            models.Index(fields=["kind", "-id"], name="record_kind"),
            models.Index(fields=["kind", "closed_at", "-id"], name="record_kind_open"),
            models.Index(fields=["kind", "due_at", "-id"], name="record_kind_due"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    def get_absolute_url(self) -> str:
        """Return the permanent address, such as /nc/NC-2025-0001/."""
        return reverse("record", args=[self.number.partition("-")[0].lower(), self.number])

    @property
    def current_state(self) -> State:
        """The present state with its label; only on a record of its own type."""
        return self.WORKFLOW.state(self.state)

    def is_overdue(self, at: datetime | None = None) -> bool:
        """Tell whether the due instant has passed while the record is open."""
        return bool(self.closed_at is None and self.due_at and self.due_at < (at or clock.now()))

"""Disposition: what is to become of suspect parts, and what became of them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.identify.nonconformities.models.nonconformity import Nonconformity
from andon.identify.nonconformities.quantities import plain
from andon.organization.products.models import Lot
from andon.records.models import Account
from andon.records.sites import SeenByReader


class DispositionLine(models.Model):
    """A decision on a quantity; never changed, only taken back by a counter-entry."""

    class Kind(models.TextChoices):
        """What is decided. Rework conforms afterwards; repair is usable, yet nonconforming."""

        USE_AS_IS = "use as is", _("use as is")
        REWORK = "rework", _("rework")
        REPAIR = "repair", _("repair")
        REGRADE = "regrade", _("regrade")
        SCRAP = "scrap", _("scrap")
        RETURN = "return to supplier", _("return to supplier")
        SORT = "sort", _("sort, 100 %")
        NO_DEFECT = "no defect found", _("no defect found")

    nonconformity = models.ForeignKey(Nonconformity, models.PROTECT, related_name="dispositions")
    kind = models.CharField(_("disposition"), max_length=30, choices=Kind.choices)
    lot = models.ForeignKey(
        Lot, models.PROTECT, null=True, blank=True, related_name="dispositions",
        verbose_name=_("lot"),
    )  # fmt: skip
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    """Negative in a counter-entry only."""
    reason = models.CharField(_("reason"), max_length=500)
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    """By whose leave, when it is not the board alone: a customer, a drawing note."""
    is_outside_specification = models.BooleanField(_("violates the specification"), default=False)
    concession_number = models.CharField(_("concession number"), max_length=100, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, null=True)
    """From standard cost and rates; empty where the master data do not know them."""
    counter_entry_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="counter_entry"
    )
    decided_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    is_append_only = True
    trail_record = "nonconformity"
    seen_with = ("nonconformity",)
    objects: ClassVar[SeenByReader[Self]] = SeenByReader()

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(counter_entry_of__isnull=True, quantity__gt=0)
                | Q(counter_entry_of__isnull=False, quantity__lt=0),
                name="disposition_sign_of_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {plain(self.quantity)}"


class Execution(models.Model):
    """What became of the quantity of one line: the result of its sorting, rework or removal.

    Sorting: `accepted` were found good, `rejected` bad. Other dispositions: all are `accepted`,
    that is, treated as decided. What is rejected is open again and needs a new line.
    """

    line = models.OneToOneField(DispositionLine, models.PROTECT, related_name="execution")
    nonconformity = models.ForeignKey(Nonconformity, models.PROTECT, related_name="executions")
    accepted = models.DecimalField(_("accepted"), max_digits=14, decimal_places=3, default=0)
    rejected = models.DecimalField(_("rejected"), max_digits=14, decimal_places=3, default=0)
    lost = models.DecimalField(_("lost"), max_digits=14, decimal_places=3, default=0)
    instruction = models.CharField(_("instruction followed"), max_length=200, blank=True)
    reinspection = models.CharField(_("result of reinspection"), max_length=500, blank=True)
    cost = models.DecimalField(
        _("cost of what was lost"), max_digits=14, decimal_places=2, null=True
    )
    executed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    executed_at = models.DateTimeField()
    is_append_only = True
    trail_record = "nonconformity"

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(accepted__gte=0, rejected__gte=0, lost__gte=0),
                name="execution_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accepted} / {self.rejected} / {self.lost}"

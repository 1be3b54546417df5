"""Which lots are suspect, and for each place they could be in: how much was held."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.identify.nonconformities.models.nonconformity import Nonconformity
from andon.identify.nonconformities.quantities import plain
from andon.organization.products.models import Lot


class SuspectLot(models.Model):
    """A lot that may hold nonconforming parts; blocked from containment until the end."""

    nonconformity = models.ForeignKey(Nonconformity, models.PROTECT, related_name="suspect_lots")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="suspicions", verbose_name=_("lot"))
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    trail_record = "nonconformity"

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nonconformity", "lot"], name="one_suspicion_per_lot"),
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True) | models.Q(quantity__gt=0),
                name="suspect_lot_quantity_positive",
            ),
        ]

    def __str__(self) -> str:
        return str(self.lot) if self.quantity is None else f"{self.lot}: {plain(self.quantity)}"


class ContainmentAnswer(models.Model):
    """How much was found and held at one of the five places parts can have reached."""

    class Place(models.TextChoices):
        """Where suspect parts can be."""

        WORK_IN_PROGRESS = "work in progress", _("work in progress")
        STOCK = "stock", _("stock")
        SUB_SUPPLIER = "sub-supplier", _("sub-supplier")
        IN_TRANSIT = "in transit", _("in transit")
        CUSTOMER = "customer", _("customer")

    nonconformity = models.ForeignKey(Nonconformity, models.PROTECT, related_name="containment")
    place = models.CharField(_("place"), max_length=30, choices=Place.choices)
    quantity = models.DecimalField(_("quantity held"), max_digits=14, decimal_places=3, default=0)
    """Zero says: looked, and there is none."""
    note = models.CharField(_("note"), max_length=300, blank=True)
    trail_record = "nonconformity"

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nonconformity", "place"], name="one_answer_per_place"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=0), name="containment_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {plain(self.quantity)}"

"""Lot and lot use: what was made together, and what went into what."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.organization.partners.models import Partner
from andon.organization.processes.models import Machine, Process
from andon.organization.products.models.product import Product


class Lot(models.Model):
    """Pieces made, delivered or shipped together, free to use or blocked."""

    class Kind(models.TextChoices):
        """Where in the flow the lot stands."""

        MATERIAL = "material", _("material")
        COMPONENT = "component", _("component")
        ASSEMBLY = "assembly", _("assembly")
        SHIPMENT = "shipment", _("shipment")

    class Status(models.TextChoices):
        """Whether it may be used."""

        FREE = "free", _("free")
        BLOCKED = "blocked", _("blocked")

    code = models.CharField(_("lot"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.COMPONENT)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="lots",
        verbose_name=_("product"),
    )  # fmt: skip
    process = models.ForeignKey(
        Process, models.PROTECT, null=True, blank=True, related_name="lots",
        verbose_name=_("process"),
    )  # fmt: skip
    machine = models.ForeignKey(
        Machine, models.PROTECT, null=True, blank=True, related_name="lots",
        verbose_name=_("machine"),
    )  # fmt: skip
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="lots",
        verbose_name=_("supplier or customer"),
    )  # fmt: skip
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    location = models.CharField(_("location"), max_length=100, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.FREE
    )
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["kind", "-id"], name="lot_kind"),
            models.Index(fields=["made_on"], name="lot_made_on"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_blocked(self) -> bool:
        """Tell whether the lot may not be used."""
        return self.status == self.Status.BLOCKED


class LotUse(models.Model):
    """One lot that was used in making another, or sent in a shipment."""

    consumer = models.ForeignKey(Lot, models.PROTECT, related_name="uses")
    component = models.ForeignKey(Lot, models.PROTECT, related_name="used_in")
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consumer", "component"], name="one_lot_use"),
            models.CheckConstraint(
                condition=~models.Q(consumer=models.F("component")), name="no_lot_in_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} -> {self.consumer}"

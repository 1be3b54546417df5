"""What a piece has cost after each process, and the rates of rework, sorting and complaints."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.organization.processes.models import Process
from andon.organization.products.models.product import Product


class StandardCost(models.Model):
    """What a piece has cost when it leaves a process; without a product it holds for all."""

    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="standard_costs",
        verbose_name=_("product"),
    )
    process = models.ForeignKey(
        Process, models.PROTECT, related_name="standard_costs", verbose_name=_("process")
    )
    per_piece = models.DecimalField(_("cost per piece"), max_digits=14, decimal_places=4)

    class Meta:
        ordering = ("process__position", "product__code")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "process"], name="one_cost_per_step"),
            # NULL differs from NULL in a unique index, so the default needs its own.
            models.UniqueConstraint(
                fields=["process"],
                condition=models.Q(product=None),
                name="one_default_cost_per_step",
            ),
            models.CheckConstraint(condition=models.Q(per_piece__gte=0), name="cost_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.process}: {self.per_piece}"


class Rate(models.Model):
    """A price or speed from which costs of quality are computed, such as rework per piece."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=40)

    class Meta:
        ordering = ("code",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(value__gte=0), name="rate_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value} {self.unit}"

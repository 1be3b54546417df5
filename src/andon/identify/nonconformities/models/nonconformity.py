"""Nonconformity: the record of a requirement that was not met."""

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.identify.nonconformities.workflow import WORKFLOW
from andon.organization.processes.models import Machine, Process
from andon.organization.products.models import Characteristic, Product
from andon.records.models import Record
from andon.records.workflow import Workflow


class Nonconformity(Record):
    """What was found, how much of it is suspect, and what was decided."""

    class Severity(models.TextChoices):
        """How bad it is for the user of the part."""

        CRITICAL = "critical", _("critical")
        MAJOR = "major", _("major")
        MINOR = "minor", _("minor")

    class Origin(models.TextChoices):
        """Who noticed."""

        HAND = "hand", _("reported by hand")
        FINDING = "finding", _("a finding")
        OUT_OF_SPECIFICATION = "out of specification", _("a value outside specification")

    class Unit(models.TextChoices):
        """In what the quantities of this record are counted: one unit per record."""

        PIECES = "pieces", _("pieces")
        KILOGRAMS = "kg", _("kg")

    WORKFLOW: ClassVar[Workflow] = WORKFLOW

    characteristic = models.ForeignKey(
        Characteristic, models.PROTECT, null=True, blank=True, related_name="nonconformities",
        verbose_name=_("characteristic or defect code"),
    )  # fmt: skip
    defect = models.CharField(_("defect"), max_length=300, blank=True)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="nonconformities",
        verbose_name=_("product"),
    )  # fmt: skip
    machine = models.ForeignKey(
        Machine, models.PROTECT, null=True, blank=True, related_name="nonconformities",
        verbose_name=_("machine"),
    )  # fmt: skip
    process = models.ForeignKey(
        Process, models.PROTECT, null=True, blank=True, related_name="nonconformities",
        verbose_name=_("process"),
    )  # fmt: skip
    description = models.TextField(_("description"), max_length=10_000, blank=True)
    severity = models.CharField(
        _("severity"), max_length=20, choices=Severity.choices, blank=True, default=""
    )
    origin = models.CharField(
        _("noticed by"), max_length=30, choices=Origin.choices, default=Origin.HAND, editable=False
    )
    quantity_suspect = models.DecimalField(
        _("suspect quantity"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.PIECES)
    piece_weight = models.DecimalField(
        _("weight of a piece in grams"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    location = models.CharField(_("location"), max_length=100, blank=True)
    is_customer_affected = models.BooleanField(_("a customer is affected"), default=False)
    is_labelled = models.BooleanField(_("hold labels are on the parts"), default=False)
    seen_before = models.TextField(_("seen before"), blank=True, editable=False)
    """The earlier cases that were shown when the review began."""
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="parts",
        verbose_name=_("split from"),
    )  # fmt: skip

    content_lines = ("suspect_lots", "containment", "dispositions")

    class Meta:
        verbose_name = _("nonconformity")
        verbose_name_plural = _("nonconformities")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity_suspect__isnull=True)
                | models.Q(quantity_suspect__gt=0),
                name="nonconformity_quantity_positive",
                violation_error_message=_("The suspect quantity is above zero."),
            ),
            models.CheckConstraint(
                condition=~models.Q(unit="kg")
                | models.Q(piece_weight__isnull=False, piece_weight__gt=0),
                name="nonconformity_weight_of_a_piece",
                violation_error_message=_("A quantity in kg needs the weight of a piece."),
            ),
        ]

    def clean(self) -> None:
        """Refuse parts of a piece where pieces are counted."""
        quantity, is_counted = self.quantity_suspect, self.unit == self.Unit.PIECES
        is_number = isinstance(quantity, Decimal) and quantity.is_finite()
        if quantity is not None and is_number and is_counted and quantity != round(quantity):
            raise ValidationError({"quantity_suspect": _("Pieces are whole numbers.")})

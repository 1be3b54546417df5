"""Characteristic: what is measured or counted, and what is required of it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.organization.processes.models import Process
from andon.organization.products.models.product import Product

_FLOATS = ("resolution", "target", "lower_specification", "upper_specification")
# Every finite double that a gauge can show is far inside; NaN and infinity are not.
_LARGEST = 1e300


class Characteristic(models.Model):
    """A measured value or a counted attribute (a defect code), judged against specification.

    None, one or both specification limits may be given. The log model says that the logarithm is
    what varies normally, as for contact resistance.
    """

    class Kind(models.TextChoices):
        """Whether a number is read or pieces are counted."""

        VALUE = "value", _("value")
        ATTRIBUTE = "attribute", _("attribute")

    class Classification(models.TextChoices):
        """How much depends on it."""

        SPECIAL = "special", _("special")
        MAJOR = "major", _("major")
        MINOR = "minor", _("minor")

    class Model(models.TextChoices):
        """On which scale its values vary normally."""

        NORMAL = "normal", _("normal")
        LOG = "log", _("log")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="characteristics",
        verbose_name=_("product"),
    )
    process = models.ForeignKey(
        Process, models.PROTECT, related_name="characteristics", verbose_name=_("process")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.VALUE)
    unit = models.CharField(_("unit"), max_length=20)
    resolution = models.FloatField(_("resolution"), null=True, blank=True)
    target = models.FloatField(_("target"), null=True, blank=True)
    lower_specification = models.FloatField(_("lower specification limit"), null=True, blank=True)
    upper_specification = models.FloatField(_("upper specification limit"), null=True, blank=True)
    classification = models.CharField(
        _("class"), max_length=20, choices=Classification.choices, default=Classification.MINOR
    )
    model = models.CharField(_("model"), max_length=20, choices=Model.choices, default=Model.NORMAL)
    is_active = models.BooleanField(_("is active"), default=True)

    class Meta:
        ordering = ("process__position", "kind", "code")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lower_specification__lt=F("upper_specification")),
                name="characteristic_lower_below_upper",
                violation_error_message=_("The lower specification limit must be below the upper."),
            ),
            models.CheckConstraint(
                condition=Q(target__gte=F("lower_specification")),
                name="characteristic_target_above_lower",
                violation_error_message=_("The target must not be below the lower limit."),
            ),
            models.CheckConstraint(
                condition=Q(target__lte=F("upper_specification")),
                name="characteristic_target_below_upper",
                violation_error_message=_("The target must not be above the upper limit."),
            ),
            models.CheckConstraint(
                condition=Q(resolution__gt=0),
                name="characteristic_resolution_positive",
                violation_error_message=_("The resolution must be above zero."),
            ),
            models.CheckConstraint(
                condition=Q(kind="value") | Q(**dict.fromkeys(_FLOATS)),
                name="characteristic_attribute_is_counted",
                violation_error_message=_("A counted attribute has no target and no limits."),
            ),
            models.CheckConstraint(
                condition=Q(model="normal")
                | (
                    (Q(target=None) | Q(target__gt=0))
                    & (Q(lower_specification=None) | Q(lower_specification__gt=0))
                    & (Q(upper_specification=None) | Q(upper_specification__gt=0))
                ),
                name="characteristic_log_is_positive",
                violation_error_message=_("On the log model target and limits are above zero."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q((f"{name}__gt", -_LARGEST), (f"{name}__lt", _LARGEST)),
                    name=f"characteristic_{name}_finite",
                    violation_error_message=_("A number must be finite."),
                )
                for name in _FLOATS
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_counted(self) -> bool:
        """Tell whether pieces with it are counted instead of a value read."""
        return self.kind == self.Kind.ATTRIBUTE

    @property
    def is_special(self) -> bool:
        """Tell whether it is a special characteristic."""
        return self.classification == self.Classification.SPECIAL

    @property
    def tolerance(self) -> float | None:
        """The width between both specification limits, when there are two."""
        if self.lower_specification is None or self.upper_specification is None:
            return None
        return self.upper_specification - self.lower_specification

    def is_inside(self, value: float) -> bool:
        """Tell whether a value keeps the specification; a limit itself is inside."""
        above = self.lower_specification is None or value >= self.lower_specification
        return above and (self.upper_specification is None or value <= self.upper_specification)

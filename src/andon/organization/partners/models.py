"""Partner: an outside organization we buy from or deliver to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Partner(models.Model):
    """A supplier or a customer, known by its code."""

    class Kind(models.TextChoices):
        """On which side of us the partner stands."""

        SUPPLIER = "supplier", _("supplier")
        CUSTOMER = "customer", _("customer")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    is_active = models.BooleanField(_("is active"), default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code if self.name == self.code else f"{self.code} {self.name}"

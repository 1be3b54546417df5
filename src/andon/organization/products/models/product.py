"""Product: what is made, or bought to be built in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """A part, component or assembly, known by its code."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    family = models.CharField(_("family"), max_length=100, blank=True)
    is_active = models.BooleanField(_("is active"), default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

"""Person: somebody who works in the organization, with or without an account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Person(models.Model):
    """Somebody who makes, measures or decides; many of them never log in."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    department = models.CharField(_("department"), max_length=100, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    is_active = models.BooleanField(_("is active"), default=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

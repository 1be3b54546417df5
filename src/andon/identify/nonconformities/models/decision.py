"""The decision whether the cause is to be removed, with its reason (ISO 9001, 10.2.1 b)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.identify.nonconformities.models.nonconformity import Nonconformity
from andon.records.models import Account


class ActionDecision(models.Model):
    """Corrective action yes or no; a later decision stands beside the earlier one."""

    nonconformity = models.ForeignKey(Nonconformity, models.PROTECT, related_name="decisions")
    is_needed = models.BooleanField(_("corrective action needed"))
    reason = models.TextField(_("reason"), max_length=2000)
    proposal = models.TextField(_("what the rule proposed"), blank=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    is_append_only = True
    trail_record = "nonconformity"

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(_("needed") if self.is_needed else _("not needed"))

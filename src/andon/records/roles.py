"""The roles of a quality organization (DOMAIN: who leaves which state) and their names."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role a person holds; permissions belong to roles, never to persons."""

    OPERATOR = "OP", _("operator")
    INSPECTOR = "INS", _("inspector")
    QUALITY_ENGINEER = "QE", _("quality engineer")
    QUALITY_MANAGER = "QM", _("quality manager")
    PROCESS_ENGINEER = "PE", _("process engineer")
    SHIFT_LEAD = "LEAD", _("shift lead")
    METROLOGIST = "MET", _("metrologist")
    AUDITOR = "AUD", _("auditor")
    TOP_MANAGEMENT = "TM", _("top management")
    ADMINISTRATOR = "ADM", _("administrator")
    SYSTEM = "SYS", _("Andon itself")


OP, INS, QE, QM, PE, LEAD, MET, AUD, TM, ADM, SYS = (role.value for role in Role)
GIVEN_ROLES = (OP, INS, QE, QM, PE, LEAD, MET, AUD, TM, ADM)
"""The roles that people hold."""
EVERYONE = (*GIVEN_ROLES, SYS)
OFFICE = (QE, QM, PE, LEAD, MET, AUD, TM, ADM, SYS)
"""Those who read everything; operators and inspectors see what their station needs."""

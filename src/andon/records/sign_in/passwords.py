"""Passwords that everybody guesses first, also when they are stretched.

The list is Django's own of the 20,000 commonest passwords (by Royce Williams, shipped with Django
under its licence). Nearly all are shorter than Andon's twelve characters; people stretch them.
"""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_REPEATED = re.compile(r"(.{1,8}?)\1+")


class StretchedPasswordValidator(CommonPasswordValidator):
    """Refuses a common password with digits and marks around it, or repeated."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise when the core of the password is common."""
        text = password.casefold().strip()
        core = _AROUND.sub("", text)
        repeated = _REPEATED.fullmatch(text) or _REPEATED.fullmatch(core)
        cores = {text, core, repeated[1] if repeated else ""} - {""}
        if not core or repeated or cores & self.passwords:
            raise ValidationError(
                _("This password is among those that are guessed first."), "password_too_common"
            )

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("Your password is not a common one, not even with digits around it.")

"""The forms at the door, each behind the one limit to guessing."""

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from andon.records import login_limit

T = TypeVar("T")
_MOST_LETTERS = 150
WRONG = _("User name or password is not right.")
_WRONG_CODE = _("This code is not right.")


class SignInForm(LoginForm):  # type: ignore[misc]
    """User name and password; every failure says the same."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["login"].label = _("User name")
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autofocus": True}
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.fields["password"].label, self.fields["password"].help_text = _("Password"), ""

    def add_prefix(self, field_name: str) -> str:
        """Name the first field as browsers and password managers know it."""
        return "username" if field_name == "login" else field_name

    def clean(self) -> Any:
        """Check name and password, unless too many were wrong of late."""
        if self._errors:
            return self.cleaned_data
        name = self.cleaned_data["login"].casefold()[:_MOST_LETTERS]
        return _limited(name, super().clean, WRONG)


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password again, before something delicate."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}

    def clean_password(self) -> Any:
        """Check the password within the limit."""
        return _limited(self.user.username.casefold(), super().clean_password, WRONG)


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The second factor at sign-in: a code of the app, or a recovery code."""

    def clean_code(self) -> Any:
        """Check the code within the limit."""
        return _limited(self.user.username.casefold(), super().clean_code, _WRONG_CODE)


class CodeAgain(CodeAgainForm):  # type: ignore[misc]
    """A code again, before something delicate."""

    def clean_code(self) -> Any:
        """Check the code within the limit."""
        return _limited(self.user.username.casefold(), super().clean_code, _WRONG_CODE)


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app, which proves that it holds the secret."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].label = _("Code that the app shows")


class ChosenPasswordForm(forms.Form):
    """A password that one chooses oneself, twice."""

    password = forms.CharField(
        label=_("Password"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a sentence is good."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("The same again"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse two different passwords."""
        told = super().clean() or {}
        if told.get("password") != told.get("again"):
            raise ValidationError({"again": _("The two are not the same.")})
        return told


def _limited(username: str, check: Callable[[], T], words: Any) -> T:
    """Run a check and count its failure; over the limit it fails with the same words."""
    address = str(context.request.META.get("REMOTE_ADDR", ""))
    if login_limit.is_limited(username, address):
        login_limit.note_refused(username, address)
        raise ValidationError(words)
    try:
        return check()
    except ValidationError as error:
        login_limit.note_failure(username, address)
        raise ValidationError(words) from error

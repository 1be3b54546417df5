"""Which accounts need a second factor, and that nobody passes without it."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from andon.records.models import Account
from andon.records.rest.problems import problem

_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
OPEN_WITHOUT = frozenset(
    (
        "second_factor", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "account_reauthenticate",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "logout", "login", "change_password",
    )
)  # fmt: skip
"""Where an account that still lacks its second factor may go: to get one, or out."""


def factors_of(account: Account) -> list[str]:
    """Return the kinds of second factor that an account has."""
    found = Authenticator.objects.filter(user_id=account.pk, type__in=_FACTORS)
    return sorted(set(found.values_list("type", flat=True)))


def lacks_factor(account: Account) -> bool:
    """Tell whether one of the account's roles needs a second factor that is not there."""
    needed = frozenset(settings.SECOND_FACTOR_ROLES)
    return bool(needed) and not needed.isdisjoint(account.roles()) and not factors_of(account)


def sent_to_enrol(request: HttpRequest) -> HttpResponse | None:
    """Answer instead of the page when the account has to get its second factor first."""
    account = request.user
    name = request.resolver_match.url_name if request.resolver_match else ""
    if not isinstance(account, Account) or name in OPEN_WITHOUT or not lacks_factor(account):
        return None
    if request.path.startswith("/api/"):
        return problem(403, _("Not permitted"), _("Your role needs a second factor; add one."))
    return redirect("mfa_index")

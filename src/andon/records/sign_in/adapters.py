"""What django-allauth asks of Andon: nobody signs up, secrets are sealed, accounts are ours."""

import base64
import hashlib
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from andon.records.models import Account
from andon.records.sign_in.sessions import begin

_SEALED = "sealed:"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in of accounts that somebody created or invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: accounts are created by an administrator."""
        return False

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in with a new session key, and begin to count the session's age."""
        super().login(request, user)
        begin(request)

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """Answer a deactivated account like a wrong password."""
        messages.error(request, _("This sign-in did not work."))
        return redirect("login")

    def send_notification_mail(self, *_arguments: Any, **_named: Any) -> None:
        """Send nothing: what happened stands among the security events."""

    def add_message(self, request: HttpRequest, level: int, *rest: Any, **named: Any) -> None:
        """Show only what is written out: allauth's own templates of messages are not ours."""
        message = named.get("message")
        if message:
            messages.add_message(request, level, message)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address as the login limit counts it."""
        return str(request.META.get("REMOTE_ADDR", ""))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of second factors sealed with the installation's own secret."""

    def encrypt(self, text: str) -> str:
        """Return a sealed text."""
        return _SEALED + _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text; sealed with another secret it opens nothing."""
        try:
            return _seal().decrypt(encrypted_text.removeprefix(_SEALED).encode()).decode()
        except InvalidToken:
            return base64.b32encode(os.urandom(20)).decode()

    def get_totp_issuer(self) -> str:
        """Return the name under which an authenticator app lists the account."""
        return "Andon"

    def get_totp_label(self, user: Account) -> str:
        """Return the account's name in an authenticator app."""
        return user.username


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets in whom a provider vouches for, when an account with that verified address is there."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Refuse: a provider never creates accounts, and roles stay Andon's."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account: linked before, or the one with this verified e-mail address."""
        if sociallogin.is_existing:
            account = sociallogin.user
        else:
            account = _account_of(sociallogin)
            if account is not None:
                sociallogin.connect(request, account)
        if account is None or not account.is_active:
            messages.error(request, _("There is no account for this person; ask for one."))
            raise ImmediateHttpResponse(redirect("login"))


def _account_of(sociallogin: SocialLogin) -> Account | None:
    """Return the one active account with an address that the provider has verified."""
    verified = [told.email for told in sociallogin.email_addresses if told.verified is True]
    for address in verified:
        found = list(Account.objects.filter(email__iexact=address, is_active=True)[:2])
        if len(found) == 1:
            return found[0]
    return None


def _seal() -> Fernet:
    digest = hashlib.sha256(f"second factor {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))

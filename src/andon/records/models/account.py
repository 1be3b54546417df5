"""Account: the login of a person or a device; it is deactivated, never deleted."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.records import clock
from andon.records.roles import Role
from andon.records.sites import OwnSite


class Site(models.Model):
    """A place of the organization; a record belongs to one."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    objects: ClassVar[OwnSite[Self]] = OwnSite()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts for Django's own commands."""

    def create_user(self, username: str, password: str | None = None, name: str = "") -> "Account":
        """Create an account; without a password nobody can log in with it."""
        account = Account(username=username, name=name or username)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """Who acts. The name is printed beside each entry and signature."""

    username = models.CharField(_("user name"), max_length=150, unique=True)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(_("may log in"), default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[AccountManager] = AccountManager()
    trail_exclude = ("password", "last_login")

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name

    def roles(self) -> frozenset[str]:
        """Return the role codes this account holds, read once per object."""
        if not hasattr(self, "_roles"):
            self._roles = frozenset(self.assignments.values_list("role", flat=True))
        return self._roles

    def narrow(self, permissions: list[str]) -> None:
        """Limit this object to a token's scopes; an empty list leaves all."""
        self._scopes = frozenset(permissions)

    def is_narrowed_away(self, permission: str) -> bool:
        """Tell whether a token's scopes exclude the permission."""
        scopes: frozenset[str] = getattr(self, "_scopes", frozenset())
        return bool(scopes) and permission not in scopes

    @property
    def role_names(self) -> str:
        """The roles in words."""
        return ", ".join(str(Role(role).label) for role in sorted(self.roles()))

    # Django's own apps ask these two; Andon's permissions are asked by `permissions.may`.
    is_staff = False

    def has_perm(self, _permission: str, _object: Any = None) -> bool:
        """Refuse Django's model permissions: only `permissions.may` decides."""
        return False


class RoleAssignment(models.Model):
    """One role held by one account."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=8, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "role"], name="one_assignment_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.get_role_display()}"


class ApiToken(models.Model):
    """A secret for a device or a script; only its hash is stored."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    """Permissions it is narrowed to; empty means all of the account's."""
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    """To the minute: not every request writes."""
    trail_exclude = ("last_used_at",)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def is_live(self) -> bool:
        """Tell whether the token opens anything: neither revoked nor expired."""
        is_over = self.expires_at is not None and self.expires_at <= clock.now()
        return self.revoked_at is None and not is_over

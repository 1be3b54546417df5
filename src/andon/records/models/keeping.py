"""Book-keeping tables of the kernel: numbers, search text, idempotency keys."""

from typing import ClassVar

from django.db import models

from andon.records.models.account import Account
from andon.records.models.record import Record


class NumberSequence(models.Model):
    """The last number given for a prefix and year; its row is the lock."""

    key = models.CharField(max_length=60, unique=True)
    last = models.PositiveIntegerField(default=0)
    trail = False

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"


class SearchText(models.Model):
    """A record's words, case-folded, with Chinese as single characters and pairs."""

    record = models.OneToOneField(
        Record, models.CASCADE, primary_key=True, related_name="search_text"
    )
    text = models.TextField()
    trail = False

    def __str__(self) -> str:
        return self.text[:60]


class FailedLogin(models.Model):
    """A log-in that failed: what the limit counts, kept for a day."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=64)
    failed_at = models.DateTimeField()
    trail = False

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["username", "-failed_at"], name="failed_login_username"),
            models.Index(fields=["address", "-failed_at"], name="failed_login_address"),
        ]

    def __str__(self) -> str:
        return f"{self.username} from {self.address}"


class IdempotencyKey(models.Model):
    """The answer already given to a request, so that a repetition gets the same one."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    route = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.TextField()
    created_at = models.DateTimeField()
    trail = False

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "key"], name="one_answer_per_key"),
        ]

    def __str__(self) -> str:
        return self.key

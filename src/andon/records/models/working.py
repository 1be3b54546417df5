"""Background work: when a job is due next, which workers are alive, who was reminded when."""

from django.db import models

from andon.records.models.account import Account


class ScheduledJob(models.Model):
    """When a declared job is put into the queue next, by whichever worker comes first."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = models.DateTimeField()
    trail = False

    def __str__(self) -> str:
        return f"{self.name} at {self.next_at}"


class Worker(models.Model):
    """A process or thread that runs jobs; one that was not seen for a while is dead."""

    key = models.CharField(max_length=64, primary_key=True)
    place = models.CharField(max_length=200)
    """Machine and process."""
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    trail = False

    def __str__(self) -> str:
        return self.place


class Reminder(models.Model):
    """Whether an account wants the mail of what is due, and the day of the last one."""

    account = models.OneToOneField(
        Account, models.PROTECT, primary_key=True, related_name="reminder"
    )
    is_wanted = models.BooleanField(default=True)
    sent_on = models.DateField(null=True)
    trail = False

    def __str__(self) -> str:
        return f"{self.account}: {self.sent_on}"

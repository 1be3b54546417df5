"""The tables of the log: blocks, where streams are, batch keys, and what the lake holds."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

_IS_RELEASED = (
    "EXISTS (SELECT 1 FROM history_plannedblock b JOIN history_compactionplan p"
    " ON p.number = b.plan_id WHERE b.block_id = OLD.{block} AND p.released_at IS NOT NULL)"
)
"""The lake holds the block's rows in a version whose files are on the disk."""


class BatchKey(models.Model):
    """One accepted batch; its unique key makes a repeated request change nothing.

    The trail tells who sent it: a block may hold what several senders sent at the same moment.
    """

    key = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64)
    """SHA-256 of the batch's rows, so that a key used for other rows is noticed."""
    rows = models.PositiveIntegerField()
    appended_at = models.DateTimeField()
    is_append_only = True

    def __str__(self) -> str:
        return self.key


class Block(models.Model):
    """Measurements that were committed together: Arrow IPC, compressed. One trail entry each."""

    payload = models.BinaryField()
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    appended_at = models.DateTimeField()
    trail_exclude = ("payload",)
    is_append_only = True
    append_only_but: ClassVar[Mapping[str, str]] = {
        "UPDATE": "length(NEW.payload) = 0 AND NEW.id = OLD.id AND NEW.digest = OLD.digest"
        ' AND NEW."rows" = OLD."rows" AND NEW.appended_at = OLD.appended_at AND '
        + _IS_RELEASED.format(block="id")
    }
    """Its payload may be emptied once the lake holds the rows; digest and entry stay."""

    def __str__(self) -> str:
        return f"block {self.pk}: {self.rows} rows"


class BlockStream(models.Model):
    """Which streams a block holds, and over which time: the way to the blocks of one chart."""

    block = models.ForeignKey(Block, models.PROTECT, related_name="streams")
    characteristic = models.CharField(max_length=60)
    stream = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField()
    rows = models.PositiveIntegerField()
    trail = False
    is_append_only = True
    append_only_but: ClassVar[Mapping[str, str]] = {"DELETE": _IS_RELEASED.format(block="block_id")}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stream", "-until"], name="block_of_stream"),
            models.Index(fields=["characteristic", "until"], name="block_of_characteristic"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} in block {self.block_id}"


class CompactionPlan(models.Model):
    """Which blocks go to the lake together; its number is the number of the lake's transaction.

    There is one open plan at most, so that plans reach the lake in the order of their numbers.
    """

    number = models.BigIntegerField(primary_key=True)
    rows = models.PositiveIntegerField()
    is_open = models.BooleanField(default=True)
    planned_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    """Since when readers take these rows from the lake: its files are on the disk."""
    purged_at = models.DateTimeField(null=True)
    trail = False

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_open"], condition=models.Q(is_open=True), name="one_open_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.number}: {self.rows} rows"


class PlannedBlock(models.Model):
    """A block and its plan. Membership, not "every id above": a smaller id may commit later."""

    block = models.OneToOneField(Block, models.PROTECT, primary_key=True, related_name="planned")
    plan = models.ForeignKey(CompactionPlan, models.CASCADE, related_name="blocks")
    trail = False

    def __str__(self) -> str:
        return f"block {self.block_id} in plan {self.plan_id}"


class LakeVersion(models.Model):
    """A version of the lake that readers may use, and the last plan that it contains."""

    version = models.BigIntegerField(primary_key=True)
    plans_until = models.BigIntegerField()
    released_at = models.DateTimeField()
    trail = False

    def __str__(self) -> str:
        return f"version {self.version}: plans until {self.plans_until}"


class LakeStream(models.Model):
    """Over which time the lake holds a stream whose blocks were emptied."""

    stream = models.CharField(max_length=200, unique=True)
    characteristic = models.CharField(max_length=60, db_index=True)
    since = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    rows = models.BigIntegerField()
    trail = False

    def __str__(self) -> str:
        return f"{self.stream}: {self.rows} rows"


class SupersededPlace(models.Model):
    """The place of a row that a later one corrects: few, so that no reader looks for them."""

    batch = models.BigIntegerField()
    position = models.PositiveIntegerField()
    trail = False

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_superseded_place"),
        ]

    def __str__(self) -> str:
        return f"{self.batch}:{self.position}"


class DroppedMonth(models.Model):
    """What is left of a month whose measurements were removed when their time was over."""

    month = models.CharField(max_length=7)
    rows = models.BigIntegerField()
    streams = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=300)
    dropped_at = models.DateTimeField()
    is_append_only = True

    def __str__(self) -> str:
        return f"{self.month}: {self.rows} rows dropped"

"""The tables of the log: blocks of measurements, where each stream is found, and batch keys."""

from typing import ClassVar

from django.db import models


class BatchKey(models.Model):
    """One accepted batch; its unique key makes a repeated request change nothing."""

    key = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64)
    """SHA-256 of the batch's rows, so that a key used for other rows is noticed."""
    rows = models.PositiveIntegerField()
    appended_at = models.DateTimeField()
    trail = False
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

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stream", "-until"], name="block_of_stream"),
            models.Index(fields=["characteristic", "until"], name="block_of_characteristic"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} in block {self.block_id}"

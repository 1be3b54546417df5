"""The tables of the record kernel."""

from andon.records.models.account import Account, ApiToken, RoleAssignment, Site
from andon.records.models.attached import Attachment, Comment, Link, SavedFilter
from andon.records.models.entry import Entry
from andon.records.models.evidence import Anchor, SecurityEvent, TrailReview
from andon.records.models.keeping import (
    FailedLogin,
    IdempotencyKey,
    NumberSequence,
    SearchText,
)
from andon.records.models.record import Record
from andon.records.models.retention import Purge, RetentionPeriod
from andon.records.models.signature import Signature
from andon.records.models.working import Reminder, ScheduledJob, Worker

__all__ = [
    "Account",
    "Anchor",
    "ApiToken",
    "Attachment",
    "Comment",
    "Entry",
    "FailedLogin",
    "IdempotencyKey",
    "Link",
    "NumberSequence",
    "Purge",
    "Record",
    "Reminder",
    "RetentionPeriod",
    "RoleAssignment",
    "SavedFilter",
    "ScheduledJob",
    "SearchText",
    "SecurityEvent",
    "Signature",
    "Site",
    "TrailReview",
    "Worker",
]

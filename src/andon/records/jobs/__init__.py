"""Background jobs: what a worker does again and again, or once, beside the pages.

A slice declares its jobs as `JOBS` in its `jobs` module. They wait in the database, so that they
are queued in the transaction that wants them, and run at least once: each is safe to repeat.
"""

from andon.records.configuration import watch_clock
from andon.records.jobs.declared import Job
from andon.records.jobs.keeping import forget_old_keys, forget_old_runs
from andon.records.reminding import remind
from andon.records.trail.anchoring import anchor_if_due

JOBS = (
    Job("forget old runs", forget_old_runs, minutes=24 * 60),
    Job("forget old keys", forget_old_keys, minutes=24 * 60),
    Job("watch the clock", watch_clock, minutes=1),
    Job("anchor the trail", anchor_if_due, minutes=1),
    Job("remind of what is due", remind, minutes=10),
)

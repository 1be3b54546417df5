"""What the database holds about causes: those of an earlier cycle stay as they were."""

# ruff: noqa: S608 - names of our own tables only; nothing a caller gave comes near this text.

from andon.records.trail.rules import Rule

_CYCLE_NOW = "(SELECT r.cycle FROM records_record r WHERE r.id = OLD.record_id)"

DATABASE_RULES = (
    Rule(
        name="cause_of_past_cycle",
        table="causes_cause",
        events=("UPDATE", "DELETE"),
        refused=f"OLD.cycle < {_CYCLE_NOW}",
        message="Causes of an earlier cycle are frozen.",
    ),
    Rule(
        name="cause_chain_of_past_cycle",
        table="causes_whystep",
        events=("UPDATE", "DELETE"),
        refused=f"(SELECT c.cycle FROM causes_cause c WHERE c.id = OLD.cause_id) < {_CYCLE_NOW}",
        message="Causes of an earlier cycle are frozen.",
    ),
)

"""What the database holds about corrective actions: no door closes one without its proof."""

# ruff: noqa: S608 - names of our own tables only; nothing a caller gave comes near this text.

from andon.records.trail.rules import Rule

_PLAN, _RESULT = "actions_effectivenessplan", "actions_effectivenessresult"
_ITEM, _DONE, _BEGUN = "actions_actionitem", "actions_completion", "actions_implementation"


def _state(row: str) -> str:
    return f"(SELECT r.state FROM records_record r WHERE r.id = {row}.action_id)"


DATABASE_RULES = (
    Rule(
        name="ca_closed_by_effect",
        table="records_record",
        refused="NEW.kind = 'correctiveaction' AND NEW.state = 'closed' AND coalesce((SELECT"
        f" x.verdict FROM {_RESULT} x WHERE x.action_id = NEW.id AND x.cycle = NEW.cycle"
        " ORDER BY x.id DESC LIMIT 1), '') <> 'effective'",
        message="A corrective action closes only when its effect was computed as effective.",
    ),
    Rule(
        name="ca_plan_frozen",
        table=_PLAN,
        events=("UPDATE", "DELETE"),
        refused="OLD.registered_at IS NOT NULL",
        message="A registered effectiveness plan is never changed.",
    ),
    Rule(
        name="ca_result_of_plan",
        table=_RESULT,
        events=("INSERT",),
        refused=f"NOT EXISTS (SELECT 1 FROM {_PLAN} p WHERE p.id = NEW.plan_id"
        " AND p.registered_at IS NOT NULL AND p.action_id = NEW.action_id"
        " AND p.cycle = NEW.cycle AND p.check_on <= NEW.until)",
        message="A result belongs to a registered plan and is computed at its check date.",
    ),
    Rule(
        name="ca_result_in_time",
        table=_RESULT,
        events=("INSERT",),
        refused=f"{_state('NEW')} <> 'monitoring'",
        message="The effect is computed during monitoring.",
    ),
    Rule(
        name="ca_extended_once",
        table=_RESULT,
        events=("INSERT",),
        refused="NEW.next_check_on IS NOT NULL AND (NEW.verdict <> 'not enough data' OR EXISTS"
        f" (SELECT 1 FROM {_RESULT} x WHERE x.plan_id = NEW.plan_id AND x.id <> NEW.id"
        " AND x.next_check_on IS NOT NULL))",
        message="Monitoring is extended once, when there is not enough data.",
    ),
    Rule(
        name="ca_item_in_time",
        table=_ITEM,
        refused=f"{_state('NEW')} <> 'actions'",
        message="Action items are chosen in D5.",
    ),
    Rule(
        name="ca_item_stays",
        table=_ITEM,
        events=("DELETE",),
        refused=f"{_state('OLD')} <> 'actions'",
        message="Approved action items are never removed.",
    ),
    Rule(
        name="ca_item_of_verified_cause",
        table=_ITEM,
        refused="NOT EXISTS (SELECT 1 FROM causes_cause c WHERE c.id = NEW.cause_id AND"
        " c.status = 'supported' AND c.record_id = NEW.action_id AND c.cycle = NEW.cycle)",
        message="An action is chosen against a verified cause of this cycle.",
    ),
    Rule(
        name="ca_done_in_time",
        table=_DONE,
        events=("INSERT",),
        refused=f"{_state('NEW')} <> 'implementation'",
        message="Items are done in D6.",
    ),
    Rule(
        name="ca_implemented_in_time",
        table=_BEGUN,
        refused=f"{_state('NEW')} <> 'implementation'",
        message="The implementation is recorded in D6.",
    ),
)

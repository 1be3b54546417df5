"""The quantity rules in the database: no path of writing can break them (DOMAIN 3.1)."""

# ruff: noqa: S608 - names of our own tables only; nothing a caller gave comes near this text.

from andon.records.trail.rules import Rule

_NC = "nonconformities_nonconformity"
_LINE = "nonconformities_dispositionline"
_DONE = "nonconformities_execution"
_SUSPECT = "nonconformities_suspectlot"
_PLACE = "nonconformities_containmentanswer"


def _open(record: str) -> str:
    """Return the SQL of the quantity of a record that no line has taken yet."""
    return f"""round(
 (SELECT q.quantity_suspect FROM {_NC} q WHERE q.record_ptr_id = {record})
 + coalesce((SELECT sum(e.rejected) FROM {_DONE} e WHERE e.nonconformity_id = {record}
   AND NOT EXISTS (SELECT 1 FROM {_LINE} b WHERE b.counter_entry_of_id = e.line_id)), 0)
 - coalesce((SELECT sum(d.quantity) FROM {_LINE} d WHERE d.nonconformity_id = {record}), 0)
 - coalesce((SELECT sum(p.quantity_suspect) FROM {_NC} p WHERE p.split_from_id = {record}), 0)
, 3)"""


_SUSPECTED = f"""(SELECT sum(s.quantity) FROM {_SUSPECT} s
 WHERE s.nonconformity_id = NEW.{{key}})"""

_BOOKED_OUT = f"""round((SELECT sum(
  CASE q.unit WHEN 'kg' THEN d.quantity * 1000 / q.piece_weight ELSE d.quantity END)
 FROM {_LINE} d JOIN {_NC} q ON q.record_ptr_id = d.nonconformity_id
 JOIN records_record r ON r.id = q.record_ptr_id
 WHERE d.lot_id = NEW.lot_id AND d.kind IN ('scrap', 'return to supplier')
 AND r.state <> 'cancelled'), 3)"""

_KIND = f"(SELECT d.kind FROM {_LINE} d WHERE d.id = NEW.line_id)"
_DECIDED = f"(SELECT d.quantity FROM {_LINE} d WHERE d.id = NEW.line_id)"


def _state(record: str) -> str:
    return f"(SELECT r.state FROM records_record r WHERE r.id = {record})"


def _whole(name: str, table: str, unit: str, *columns: str) -> Rule:
    """Return the rule that pieces are counted in whole numbers."""
    broken = " OR ".join(f"NEW.{column} <> round(NEW.{column})" for column in columns)
    return Rule(
        name=name,
        table=table,
        refused=f"{unit} = 'pieces' AND ({broken})",
        message="Pieces are whole numbers.",
    )


_UNIT_OF_LINE = f"(SELECT q.unit FROM {_NC} q WHERE q.record_ptr_id = NEW.nonconformity_id)"

DATABASE_RULES = (
    Rule(
        name="nc_line_balance",
        table=_LINE,
        refused=f"{_open('NEW.nonconformity_id')} < 0",
        message="More is disposed of than is suspect.",
        lock="SELECT 1 FROM records_record WHERE id = NEW.nonconformity_id FOR UPDATE",
    ),
    Rule(
        name="nc_suspect_balance",
        table=_NC,
        refused=f"{_open('NEW.record_ptr_id')} < 0 OR {_open('NEW.split_from_id')} < 0",
        message="More is disposed of than is suspect.",
        lock="SELECT 1 FROM records_record WHERE id = NEW.split_from_id FOR UPDATE",
    ),
    Rule(
        name="nc_close_balanced",
        table="records_record",
        refused="NEW.kind = 'nonconformity' AND NEW.state = 'closed'"
        f" AND coalesce({_open('NEW.id')}, -1) <> 0",
        message="A nonconformity closes only when no quantity is open.",
    ),
    Rule(
        name="nc_line_in_review",
        table=_LINE,
        refused=f"{_state('NEW.nonconformity_id')} <> 'under_review'",
        message="Disposition lines are written during the review only.",
    ),
    Rule(
        name="nc_line_of_counter_entry",
        table=_LINE,
        refused="NEW.counter_entry_of_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
        f" {_LINE} d WHERE d.id = NEW.counter_entry_of_id AND d.quantity = -NEW.quantity"
        " AND d.kind = NEW.kind AND d.nonconformity_id = NEW.nonconformity_id"
        " AND coalesce(d.lot_id, 0) = coalesce(NEW.lot_id, 0))",
        message="A counter-entry takes back exactly one line.",
    ),
    Rule(
        name="nc_lot_booked_out",
        table=_LINE,
        refused="NEW.kind IN ('scrap', 'return to supplier') AND"
        f" {_BOOKED_OUT} > (SELECT l.quantity FROM products_lot l WHERE l.id = NEW.lot_id)",
        message="More is taken out of the lot than it holds.",
        lock="SELECT 1 FROM products_lot WHERE id = NEW.lot_id FOR UPDATE",
    ),
    Rule(
        name="nc_execution_in_time",
        table=_DONE,
        refused=f"{_state('NEW.nonconformity_id')} <> 'dispositioned'",
        message="A disposition is executed after it was signed.",
    ),
    Rule(
        name="nc_execution_of_line",
        table=_DONE,
        refused=f"round(NEW.accepted + NEW.rejected + NEW.lost - {_DECIDED}, 3) <> 0"
        f" OR NOT EXISTS (SELECT 1 FROM {_LINE} d WHERE d.id = NEW.line_id"
        " AND d.nonconformity_id = NEW.nonconformity_id AND d.counter_entry_of_id IS NULL)"
        f" OR EXISTS (SELECT 1 FROM {_LINE} b WHERE b.counter_entry_of_id = NEW.line_id)",
        message="What became of a line sums up to its quantity.",
    ),
    Rule(
        name="nc_execution_of_kind",
        table=_DONE,
        refused=f"(NEW.rejected > 0 AND {_KIND} NOT IN ('sort', 'rework', 'repair'))"
        f" OR (NEW.lost > 0 AND {_KIND} NOT IN ('rework', 'repair'))",
        message="Only sorting, rework and repair reject; only rework and repair lose parts.",
    ),
    Rule(
        name="nc_suspect_lots_within",
        table=_SUSPECT,
        refused="round(" + _SUSPECTED.format(key="nonconformity_id") + ", 3) > (SELECT"
        f" q.quantity_suspect FROM {_NC} q WHERE q.record_ptr_id = NEW.nonconformity_id)",
        message="The lots hold more than is suspect.",
    ),
    Rule(
        name="nc_suspect_covers_lots",
        table=_NC,
        refused="round(" + _SUSPECTED.format(key="record_ptr_id") + ", 3) > NEW.quantity_suspect",
        message="The lots hold more than is suspect.",
    ),
    _whole("nc_whole_suspect", _NC, "NEW.unit", "quantity_suspect"),
    _whole("nc_whole_lots", _SUSPECT, _UNIT_OF_LINE, "quantity"),
    _whole("nc_whole_places", _PLACE, _UNIT_OF_LINE, "quantity"),
    _whole("nc_whole_lines", _LINE, _UNIT_OF_LINE, "quantity"),
    _whole("nc_whole_executions", _DONE, _UNIT_OF_LINE, "accepted", "rejected", "lost"),
)  # fmt: skip

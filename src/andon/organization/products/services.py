"""Write lots: their facts, what went into them, and whether they may be used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from andon.history.statements import ran
from andon.organization.partners.models import Partner
from andon.organization.processes.models import Machine, Process
from andon.organization.products.genealogy import made_from
from andon.organization.products.models import Lot, LotUse, Product
from andon.records.errors import Conflict, Refused
from andon.records.models import Account
from andon.records.permissions import require
from andon.records.trail.context import acting

_MOST_MARKS = 500
_REFERENCES: dict[str, type[Model]] = {
    "product": Product,
    "process": Process,
    "machine": Machine,
    "partner": Partner,
}
_LONGEST_CODE = 80
_PLAIN = ("kind", "quantity", "made_on", "location")


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """What is stated about a lot; product, process, machine and partner by their codes.

    What is left out is not stated and stays as it is. The process is the machine's unless given.
    """

    code: str
    kind: str = ""
    product: str = ""
    process: str = ""
    machine: str = ""
    partner: str = ""
    quantity: int | None = None
    made_on: date | None = None
    location: str = ""


def record_lot(facts: LotFacts, *, actor: Account) -> Lot:
    """State the facts of one lot and return it; stating the same again changes nothing."""
    return state_lots([facts], actor=actor)[0]


def state_lots(facts: Iterable[LotFacts], *, actor: Account) -> list[Lot]:
    """Create lots, or bring known ones to what is stated now; the trail tells each change."""
    stated = {fact.code: fact for fact in facts}
    _refuse_unusable_codes(stated)
    referred = _referred(list(stated.values()))
    values = {code: _values(fact, referred) for code, fact in sorted(stated.items())}
    with acting(actor):
        known = set(Lot.objects.filter(code__in=values).values_list("code", flat=True))
        # Another caller may name the same lot at this very moment: then its row is taken.
        new = [Lot(**value) for code, value in values.items() if code not in known]
        Lot.objects.bulk_create(new, ignore_conflicts=True)
        lots = Lot.objects.in_bulk(list(values), field_name="code")
        for code in known:
            _update(lots[code], values[code])
    return [lots[code] for code in stated]


def record_lots(named: Iterable[Mapping[str, Any]], *, actor: Account) -> int:
    """Give every lot that measurements name for the first time its entry; return how many.

    Each mapping has `lot` and may have `machine`, `product` and `produced_on`: where and when the
    lot was first seen. A lot already known is left as it is. Measuring is permission enough.
    """
    first = {str(row["lot"]): row for row in reversed(list(named)) if row["lot"]}
    known = _known(list(first))
    new = [
        LotFacts(
            code=code,
            machine=row.get("machine") or "",
            product=row.get("product") or "",
            made_on=row.get("produced_on"),
        )
        for code, row in first.items()
        if code not in known
    ]
    return len(state_lots(new, actor=actor)) if new else 0


def _known(codes: list[str]) -> set[str]:
    """Return which of these lots exist: asked with every measurement, so in a plain statement."""
    found: set[str] = set()
    for start in range(0, len(codes), _MOST_MARKS):
        some = codes[start : start + _MOST_MARKS]
        marks = ", ".join("%s" for _code in some)
        rows = ran(f"SELECT code FROM products_lot WHERE code IN ({marks})", some)  # noqa: S608
        found.update(code for (code,) in rows)
    return found


def link_lots(
    *, consumer: str, components: Sequence[str], actor: Account, quantity: int | None = None
) -> int:
    """State what went into a lot, by codes; return how many uses were not known before."""
    return link_many([(consumer, component, quantity) for component in components], actor=actor)


def link_many(stated: Iterable[tuple[str, str, int | None]], *, actor: Account) -> int:
    """State many uses as (consumer, component, quantity); a lot cannot go into itself."""
    wanted = {(consumer, component): quantity for consumer, component, quantity in stated}
    _refuse_itself(wanted)
    codes = {code for pair in wanted for code in pair}
    with acting(actor):
        lots = Lot.objects.in_bulk(list(codes), field_name="code")
        _refuse_unknown(codes - lots.keys())
        keys = {(lots[one].pk, lots[other].pk): count for (one, other), count in wanted.items()}
        new = keys.keys() - _known_uses({consumer for consumer, _component in keys})
        uses = [
            LotUse(consumer_id=one, component_id=other, quantity=keys[one, other])
            for one, other in sorted(new)
        ]
        LotUse.objects.bulk_create(uses, ignore_conflicts=True)
        _refuse_rings({consumer for consumer, _component in new})
    return len(new)


def block_lots(lots: Iterable[Lot], *, actor: Account, reason: str) -> list[Lot]:
    """Block lots so that they are not used or shipped; return those that were free."""
    return _set_status(lots, Lot.Status.BLOCKED, "lots.block", actor, reason)


def release_lots(lots: Iterable[Lot], *, actor: Account, reason: str) -> list[Lot]:
    """Free blocked lots again; return those that were blocked."""
    return _set_status(lots, Lot.Status.FREE, "lots.release", actor, reason)


def _set_status(
    lots: Iterable[Lot], status: Lot.Status, permission: str, actor: Account, reason: str
) -> list[Lot]:
    require(actor, permission)
    if not reason.strip():
        raise Refused.because(_("Say why, so that others understand it later."), "reason")
    with acting(actor, reason=reason):
        rows = Lot.objects.select_for_update().filter(pk__in=[lot.pk for lot in lots])
        changed = list(rows.exclude(status=status).order_by("pk"))
        for lot in changed:
            lot.status, lot.status_reason = status, reason[:300]
            lot.save(update_fields=["status", "status_reason"])
    return changed


def _referred(facts: Sequence[LotFacts]) -> dict[str, dict[str, Any]]:
    """Return the rows that the facts name, by column and code, in one read per column."""
    found = {}
    for column, model in _REFERENCES.items():
        codes = {getattr(fact, column) for fact in facts} - {""}
        rows = model._default_manager.filter(code__in=codes) if codes else ()
        found[column] = {row.code: row for row in rows}  # type: ignore[attr-defined]
        unknown = codes - found[column].keys()
        if unknown:
            message = _("There is no %(column)s “%(code)s”; load it first.")
            values = {"column": column, "code": min(unknown)[:60]}
            raise Refused.because(message % values, column)
    return found


def _values(fact: LotFacts, referred: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the stated values only."""
    values: dict[str, Any] = {"code": fact.code}
    values |= {
        name: getattr(fact, name) for name in _PLAIN if getattr(fact, name) not in ("", None)
    }
    for column, rows in referred.items():
        if getattr(fact, column):
            values[column] = rows[getattr(fact, column)]
    if "machine" in values:
        values.setdefault("process", values["machine"].process)
    return values


def _update(lot: Lot, values: dict[str, Any]) -> None:
    changed = [name for name, value in values.items() if getattr(lot, name) != value]
    if changed:
        for name in changed:
            setattr(lot, name, values[name])
        lot.save(update_fields=changed)


def _known_uses(consumers: set[int]) -> set[tuple[int, int]]:
    uses = LotUse.objects.filter(consumer__in=consumers)
    return set(uses.values_list("consumer_id", "component_id"))


def _refuse_unusable_codes(codes: Iterable[str]) -> None:
    for code in codes:
        if not code.strip() or len(code) > _LONGEST_CODE or not code.isprintable():
            message = _("A lot is named by 1 to %(most)d printable characters, not “%(code)s”.")
            raise Refused.because(message % {"most": _LONGEST_CODE, "code": code[:40]}, "lot")


def _refuse_unknown(codes: set[str]) -> None:
    if codes:
        message = _("There is no lot “%(code)s”; state its facts first.")
        raise Refused.because(message % {"code": min(codes)[:80]}, "lot")


def _refuse_itself(pairs: Iterable[tuple[str, str]]) -> None:
    for consumer, component in pairs:
        if consumer == component:
            message = _("The lot %(code)s cannot go into itself.")
            raise Refused.because(message % {"code": consumer[:80]}, "lot")


def _refuse_rings(consumers: set[int]) -> None:
    """Only a consumer that is itself used somewhere can close a ring; usually there is none."""
    for lot in Lot.objects.filter(pk__in=consumers, used_in__isnull=False).distinct():
        if any(relative.lot.pk == lot.pk for relative in made_from(lot)):
            message = _("The lot %(code)s would go into itself over other lots.")
            raise Conflict(message % {"code": lot.code})

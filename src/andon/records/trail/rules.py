"""Rules of the database: what no row may ever say, whoever writes it.

A slice states them as `DATABASE_RULES` in its `rules` module; they are put in place together with
the trail's triggers after each migrate, because SQLite drops both when it rebuilds a table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext

_SQLITE = """CREATE TRIGGER "andon_rule_{name}_{event}" AFTER {event} ON "{table}" BEGIN
SELECT RAISE(ABORT, '{message}') WHERE {refused};
END"""

_POSTGRESQL = """CREATE OR REPLACE FUNCTION andon_rule_{name}() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
 {lock}
 IF {refused} THEN
  RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
 END IF;
 RETURN NULL;
END $$"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One condition that is refused after a row was written: the whole transaction fails."""

    name: str
    table: str
    refused: str
    """SQL over NEW and OLD that both databases understand; true refuses, NULL does not."""
    message: str
    events: tuple[str, ...] = ("INSERT", "UPDATE")
    lock: str = ""
    """A query that makes writers of the same sum take turns on PostgreSQL."""

    def statements(self) -> Iterator[str]:
        """Yield what puts the rule in place."""
        parts = {name: getattr(self, name) for name in ("name", "table", "refused", "message")}
        if connection.vendor != "postgresql":
            for event in self.events:
                yield _SQLITE.format(**parts, event=event)
            return
        lock = self.lock.replace("SELECT", "PERFORM", 1) + ";" if self.lock else ""
        yield _POSTGRESQL.format(**parts, lock=lock)
        yield (
            f"CREATE TRIGGER andon_rule_{self.name} AFTER {' OR '.join(self.events)}"
            f' ON "{self.table}" FOR EACH ROW EXECUTE FUNCTION andon_rule_{self.name}()'
        )

    def trigger_count(self) -> int:
        """Return how many triggers hold this rule."""
        return 1 if connection.vendor == "postgresql" else len(self.events)


def database_rules() -> Iterator[Rule]:
    """Yield the rules of every installed slice."""
    for config in apps.get_app_configs():
        name = f"{config.name}.rules"
        if config.name.startswith("andon.") and find_spec(name) is not None:
            yield from import_module(name).DATABASE_RULES


def rule_broken(error: BaseException) -> str:
    """Return what the rule says that an error of the database comes from; nothing for others."""
    said = str(error).partition("\n")[0]
    return gettext(said) if said in _messages() else ""


@cache
def _messages() -> frozenset[str]:
    return frozenset(rule.message for rule in database_rules())

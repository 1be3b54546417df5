"""The trail's triggers in SQLite's language."""

from collections.abc import Iterator, Mapping

from andon.records.trail.subjects import Subject

_INSERT = """CREATE TRIGGER "andon_{table}_{verb}" AFTER {event} ON "{table}" BEGIN
INSERT INTO records_entry
 (chain, sequence, at, actor, action, "table", "row", old, new, reason, previous, digest)
SELECT c, s, t, a, '{verb}', '{table}', r, o, n, w, p,
 andon_digest(c, s, t, a, '{verb}', '{table}', r, o, n, w, p)
FROM (
 SELECT x.c AS c, coalesce(h.sequence, 0) + 1 AS s, andon_now() AS t, andon_actor() AS a,
  x.r AS r, x.o AS o, x.n AS n, andon_reason() AS w, coalesce(h.digest, '') AS p
 FROM (SELECT {chain} AS c, CAST({row}."{key}" AS TEXT) AS r, {old} AS o, {new} AS n) x
 LEFT JOIN records_entry h ON h.chain = x.c AND h.sequence =
  (SELECT max(sequence) FROM records_entry WHERE chain = x.c)
 LIMIT 1
) WHERE o <> '{{}}' OR n <> '{{}}';
END"""
# LIMIT inside and WHERE outside keep SQLite from merging the two queries, which would ask the
# clock twice: once for the column and once for the digest.

_REFUSE = """CREATE TRIGGER "andon_{table}_refuse_{event}" BEFORE {event} ON "{table}" BEGIN
SELECT RAISE(ABORT, 'Rows of {table} are never changed or removed.') WHERE NOT ({allowed});
END"""
REFUSALS = 2
"""Triggers that make a table append-only."""


def statements(subject: Subject) -> Iterator[str]:
    """Yield the three triggers that tell each change of a table."""
    old, new = row_as_json("OLD", subject), row_as_json("NEW", subject)
    changed = f"andon_changed({old}, {new})", f"andon_changed({new}, {old})"
    yield _trigger(subject, "create", ("'{}'", new))
    yield _trigger(subject, "change", changed)
    yield _trigger(subject, "remove", (old, "'{}'"))


def refusals(table: str, exceptions: Mapping[str, str]) -> Iterator[str]:
    """Yield the two triggers that make a table append-only, but for the exceptions."""
    for event in ("UPDATE", "DELETE"):
        yield _REFUSE.format(table=table, event=event, allowed=exceptions.get(event, "1 = 0"))


def _trigger(subject: Subject, verb: str, told: tuple[str, str]) -> str:
    event = {"create": "INSERT", "change": "UPDATE", "remove": "DELETE"}[verb]
    row = "OLD" if verb == "remove" else "NEW"
    own = f"'{subject.table}:' || {row}.\"{subject.key}\""
    chain = f"'record:' || {row}.\"{subject.chain_column}\"" if subject.chain_column else own
    return _INSERT.format(
        table=subject.table, verb=verb, event=event, row=row, key=subject.key,
        chain=chain, old=told[0], new=told[1],
    )  # fmt: skip


def row_as_json(row: str, subject: Subject) -> str:
    """Return the expression that tells a row's columns as JSON."""
    pairs = (f"'{column}', {_value(row, column, kind)}" for column, kind in subject.columns)
    return f"json_object({', '.join(pairs)})"


def _value(row: str, column: str, kind: str) -> str:
    place = f'{row}."{column}"'
    if kind == "real":  # SQLite's own JSON keeps 15 digits only
        return f"CASE WHEN {place} IS NULL THEN NULL ELSE printf('%!.17g', {place}) END"
    return f"hex({place})" if kind == "binary" else place

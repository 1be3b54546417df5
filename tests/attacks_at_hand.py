"""What somebody does who rules the database and knows how the trail is computed.

Each attack changes something at a place drawn by chance and returns where it must be found.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from andon.records.trail.canonical import content_digest, entry_digest
from andon.records.trail.evidence import verify_all

_COLUMNS = 'id, chain, sequence, at, actor, action, "table", "row", old, new, reason'
_TEXTS = (
    ("records_record", "id", "title"), ("records_comment", "id", "text"),
    ("records_attachment", "id", "name"), ("records_account", "id", "name"),
    ("nonconformities_nonconformity", "record_ptr_id", "location"),
)  # fmt: skip
Attack = Callable[[Random], str]


def found_after(attack: Attack, random: Random) -> tuple[list[str], str]:
    """Attack, verify, and undo; return what was found and where it should be."""
    anchors = Path(settings.ANCHOR_FILE)
    kept = {file: file.read_bytes() for file in Path(settings.MEDIA_ROOT).glob("*/*")}
    kept[anchors] = anchors.read_bytes()
    savepoint = transaction.savepoint()
    place = attack(random)
    texts = [str(problem) for problem in verify_all().problems]
    transaction.savepoint_rollback(savepoint)
    for file, content in kept.items():
        file.write_bytes(content)
    return texts, place


def run(statement: str, *given: Any) -> None:
    """Run a statement as whoever holds the database's password."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def asked(query: str, *given: Any) -> list[Any]:
    """Return what a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


@contextmanager
def unwatched(*tables: str) -> Iterator[None]:
    """Take the triggers of tables away, and put them back as if nothing had been."""
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            run(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            run(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        return
    names = ", ".join(["%s"] * len(tables))
    query = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({names})"
    kept = asked(query, *tables)
    for name, _sql in kept:
        run(f'DROP TRIGGER "{name}"')
    yield
    with connection.cursor() as cursor:
        for _name, sql in kept:
            cursor.execute(sql)


def rechain(chain: str) -> None:
    """Compute every digest of a chain anew, so that it looks whole, with numbers without gaps."""
    with unwatched("records_entry"):
        rows = asked(
            f"SELECT {_COLUMNS} FROM records_entry WHERE chain = %s ORDER BY sequence", chain
        )
        previous = ""
        for place, (key, _chain, _sequence, *told) in enumerate(rows, start=1):
            digest = entry_digest(chain, place, *told, previous)
            run(
                "UPDATE records_entry SET sequence = %s, previous = %s, digest = %s WHERE id = %s",
                place, previous, digest, key,
            )  # fmt: skip
            previous = digest


def edit_value(random: Random) -> str:
    """Edit a value of a row."""
    table, key, column = random.choice(_TEXTS)
    row = _any_key(random, table, key)
    with unwatched(table):
        run(f'UPDATE "{table}" SET "{column}" = \'harmless\' WHERE "{key}" = %s', row)
    return f"{table} {row}: {column} "


def edit_entry(random: Random) -> str:
    """Edit the values that an entry tells."""
    return _edited(random, "new", '{"title": "harmless"}')


def edit_actor(random: Random) -> str:
    """Say that somebody else did it."""
    return _edited(random, "actor", "somebody-else")


def edit_time(random: Random) -> str:
    """Say that it was done at another time."""
    return _edited(random, "at", "2024-01-01T00:00:00.000000Z")


def edit_reason(random: Random) -> str:
    """Give another reason."""
    return _edited(random, "reason", "a better one")


def delete_row(random: Random) -> str:
    """Delete a row that hangs on a record."""
    table = random.choice(("records_comment", "records_attachment", "records_signature"))
    row = _any_key(random, table, "id")
    with unwatched(table):
        run(f'DELETE FROM "{table}" WHERE id = %s', row)
    return f"{table} {row}: the row is gone"


def delete_entry(random: Random) -> str:
    """Delete an entry from the middle of a chain."""
    chain, sequence = _any_entry(random, is_last=False)
    with unwatched("records_entry"):
        run("DELETE FROM records_entry WHERE chain = %s AND sequence = %s", chain, sequence)
    return f"entry {sequence} of {chain}: entry {sequence} is gone"


def cut_tail(random: Random) -> str:
    """Undo the last changes of a record: delete the entries, and put the rows back to match."""
    comment, chain, sequence = random.choice(
        asked(
            'SELECT "row", chain, sequence FROM records_entry e WHERE "table" = \'records_comment\''
            " AND sequence = (SELECT max(sequence) FROM records_entry WHERE chain = e.chain)"
        )
    )
    with unwatched("records_entry", "records_comment"):
        run("DELETE FROM records_comment WHERE id = %s", int(comment))
        run("DELETE FROM records_entry WHERE chain = %s AND sequence = %s", chain, sequence)
    return f"entry {sequence} of {chain}: entry {sequence} is gone"


def delete_chain(random: Random) -> str:
    """Delete the whole history of a record, and leave the record."""
    chain = _any_record(random)
    with unwatched("records_entry"):
        run("DELETE FROM records_entry WHERE chain = %s", chain)
    return f"entry 1 of {chain}: entry 1 to "


def vanish(random: Random) -> str:
    """Let a record vanish with all that hangs on it and its whole chain."""
    chain = _any_record(random)
    key = int(chain.partition(":")[2])
    tables = [
        ("records_comment", "record_id"), ("records_attachment", "record_id"),
        ("records_signature", "record_id"), ("records_searchtext", "record_id"),
        ("nonconformities_nonconformity", "record_ptr_id"), ("records_record", "id"),
    ]  # fmt: skip
    with unwatched("records_entry", *(table for table, _column in tables)):
        for table, column in tables:
            run(f'DELETE FROM "{table}" WHERE "{column}" = %s', key)
        run("DELETE FROM records_entry WHERE chain = %s", chain)
    return f"entry 1 of {chain}: entry 1 to "


def empty_table(random: Random) -> str:
    """Delete all rows of a table together with every entry that tells of them."""
    table = random.choice(("records_comment", "records_attachment"))
    chains = asked('SELECT chain, min(sequence) FROM records_entry WHERE "table" = %s'
                   " GROUP BY chain", table)  # fmt: skip
    with unwatched("records_entry", table):
        run(f'DELETE FROM "{table}"')
        run('DELETE FROM records_entry WHERE "table" = %s', table)
    for chain, _first in chains:
        rechain(chain)
    chain, first = random.choice(chains)
    return f"entry {first} of {chain}: "


def empty_trail(random: Random) -> str:
    """Delete the whole trail."""
    chain = _any_record(random)
    with unwatched("records_entry"):
        run("DELETE FROM records_entry")
    return f"entry 1 of {chain}: entry 1 to "


def insert_row(random: Random) -> str:
    """Smuggle a row in that no entry tells of."""
    key, record = 900_000 + random.randrange(10_000), _any_record(random).partition(":")[2]
    with unwatched("records_comment"):
        run(
            "INSERT INTO records_comment (id, record_id, text, author_id, written_at)"
            " SELECT %s, %s, 'approved', author_id, written_at FROM records_comment LIMIT 1",
            key, int(record),
        )  # fmt: skip
    return f"records_comment {key}: no entry created this row"


def reorder(random: Random) -> str:
    """Swap two entries of a chain."""
    chain, sequence = _any_entry(random, is_last=False)
    with unwatched("records_entry"):
        for old, new in ((sequence, 999_999), (sequence + 1, sequence), (999_999, sequence + 1)):
            run("UPDATE records_entry SET sequence = %s WHERE chain = %s AND sequence = %s",
                new, chain, old)  # fmt: skip
    return f"entry {sequence} of {chain}: it "


def copy_signature(random: Random) -> str:
    """Copy a signature to another record, told by an entry that was computed for it."""
    key, record = random.choice(asked("SELECT id, record_id FROM records_signature"))
    others = asked("SELECT id FROM records_record WHERE id <> %s ORDER BY id", record)
    other, copy = random.choice(others)[0], 900_000 + random.randrange(10_000)
    columns = "account_id, printed_name, transition, meaning, digest, version, signed_at"
    run(
        f"INSERT INTO records_signature (id, record_id, {columns})"
        f" SELECT %s, %s, {columns} FROM records_signature WHERE id = %s",
        copy, other, key,
    )  # fmt: skip
    return f"records_signature {copy}: "


def edit_and_rechain(random: Random) -> str:
    """Edit a row and the entry that tells of it, and compute the chain anew."""
    comment, chain, sequence, new = random.choice(
        asked(
            'SELECT "row", chain, sequence, new FROM records_entry'
            " WHERE \"table\" = 'records_comment'"
        )
    )
    told = json.dumps(json.loads(new) | {"text": "all was well"})
    with unwatched("records_entry", "records_comment"):
        run("UPDATE records_comment SET text = 'all was well' WHERE id = %s", int(comment))
        run("UPDATE records_entry SET new = %s WHERE chain = %s AND sequence = %s",
            told, chain, sequence)  # fmt: skip
    rechain(chain)
    return f"entry {sequence} of {chain}: it is not the one that anchor "


def drop_trigger(random: Random) -> str:
    """Drop the triggers of a table, edit, and leave it so."""
    row = _any_key(random, "records_record", "id")
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("DROP TRIGGER andon_trail ON records_record")
    else:
        run('DROP TRIGGER "andon_records_record_change"')
    run("UPDATE records_record SET title = 'harmless' WHERE id = %s", row)
    return f"records_record {row}: title "


def change_attachment(random: Random) -> str:
    """Change one byte of an attached file."""
    row, sha256 = random.choice(asked("SELECT id, sha256 FROM records_attachment"))
    _flip(Path(settings.MEDIA_ROOT) / sha256[:2] / sha256, random)
    return f"records_attachment {row}: the file is not the one"


def change_block(random: Random) -> str:
    """Change one byte of stored measurements."""
    row, payload = random.choice(asked("SELECT id, payload FROM history_block"))
    content = bytearray(payload)
    content[random.randrange(len(content))] ^= 1
    with unwatched("history_block"):
        run("UPDATE history_block SET payload = %s WHERE id = %s", bytes(content), row)
    return f"history_block {row}: its measurements"


def change_anchors(random: Random) -> str:
    """Edit a line of the anchor file and seal it anew."""
    file = Path(settings.ANCHOR_FILE)
    lines = file.read_text().splitlines()
    place = random.randrange(len(lines))
    told = json.loads(lines[place])
    told["at"] = "2024-01-01T00:00:00.000000Z"
    told["digest"] = content_digest({name: told[name] for name in told if name != "digest"})
    lines[place] = json.dumps(told)
    file.write_text("\n".join([*lines, ""]))
    return f"anchor file {place + 1}: "


def cut_anchors(random: Random) -> str:
    """Cut the last lines of the anchor file off."""
    file = Path(settings.ANCHOR_FILE)
    lines = file.read_text().splitlines(keepends=True)
    left = random.randrange(len(lines))
    file.write_text("".join(lines[:left]))
    return f"anchor file {left + 1}: the database remembers"


ATTACKS: tuple[Attack, ...] = (
    edit_value, edit_entry, edit_actor, edit_time, edit_reason, delete_row, delete_entry, cut_tail,
    delete_chain, vanish, empty_table, empty_trail, insert_row, reorder, copy_signature,
    edit_and_rechain, drop_trigger, change_attachment, change_block, change_anchors, cut_anchors,
)  # fmt: skip


def _edited(random: Random, column: str, value: str) -> str:
    chain, sequence = _any_entry(random)
    with unwatched("records_entry"):
        run(f"UPDATE records_entry SET {column} = %s WHERE chain = %s AND sequence = %s",
            value, chain, sequence)  # fmt: skip
    return f"entry {sequence} of {chain}: its content is not what was chained"


def _any_key(random: Random, table: str, key: str) -> int:
    return int(random.choice(asked(f'SELECT "{key}" FROM "{table}" ORDER BY "{key}"'))[0])


def _any_entry(random: Random, *, is_last: bool = True) -> tuple[str, int]:
    """Draw an entry of a record; without the last one, when another has to follow."""
    later = 0 if is_last else 1
    rows = asked(
        "SELECT chain, sequence FROM records_entry e WHERE chain LIKE 'record:%%' AND EXISTS"
        " (SELECT 1 FROM records_entry o WHERE o.chain = e.chain AND o.sequence = e.sequence + %s)",
        later,
    )
    chain, sequence = random.choice(rows)
    return str(chain), int(sequence)


def _any_record(random: Random) -> str:
    rows = asked("SELECT DISTINCT chain FROM records_entry WHERE chain LIKE 'record:%%'")
    return str(random.choice(sorted(rows))[0])


def _flip(file: Path, random: Random) -> None:
    content = bytearray(file.read_bytes())
    content[random.randrange(len(content))] ^= 1
    file.write_bytes(bytes(content))

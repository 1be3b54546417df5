"""What somebody does who rules the database and knows how the trail is computed."""

from django.db import connection

from andon.records.trail import install
from andon.records.trail.canonical import entry_digest

_COLUMNS = 'id, chain, sequence, at, actor, action, "table", "row", old, new, reason'


def rechain(chain: str) -> None:
    """Compute every digest of a chain anew, so that it looks whole, with numbers without gaps."""
    install.remove()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM records_entry WHERE chain = %s ORDER BY sequence", [chain]
        )
        previous = ""
        for place, (key, _chain, _sequence, *told) in enumerate(cursor.fetchall(), start=1):
            digest = entry_digest(chain, place, *told, previous)
            cursor.execute(
                "UPDATE records_entry SET sequence = %s, previous = %s, digest = %s WHERE id = %s",
                [place, previous, digest, key],
            )
            previous = digest
    install.install()

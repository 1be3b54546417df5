"""When did these tables change last? The trail knows, whoever changed them and however."""

import time
from collections.abc import Sequence

from django.db import connection

from andon.history.statements import ran

_NEWEST = (
    "coalesce((SELECT id || ':' || digest FROM records_entry"
    " WHERE \"table\" = %s ORDER BY id DESC LIMIT 1), '')"
)
_SECONDS = 30


def version_of(tables: Sequence[str]) -> str:
    """Return a mark of the last entry about any of the tables: equal means unchanged.

    What is read once per version can be kept in memory. The entry's digest is part of it, since
    a number is given again when the transaction that had it was undone. PostgreSQL may show an
    entry of a lower number later than one of a higher; what it hides so is seen half a minute
    later at most.
    """
    columns = ", ".join(_NEWEST for _table in tables)
    newest = ",".join(ran(f"SELECT {columns}", tables)[0])
    if connection.vendor == "sqlite":
        return newest
    return f"{newest} {int(time.monotonic() / _SECONDS)}"

"""Addresses of databases, turned into what Django has to know of each."""

from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

_SQLITE: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    # FULL, not NORMAL: an acknowledged measurement survives a power cut.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


# The address itself is not told: a password stands in it.
_WRONG = (
    "A database's address is sqlite:///file or postgresql://user:password@host:port/name, where"
    " signs other than letters and digits in a password are written as %40 and so on."
)


def database_at(url: str, *, pool_size: int = 0, pool_wait: float = 5.0) -> dict[str, Any]:
    """Return Django's description of the database at an address.

    On PostgreSQL a pool of `pool_size` connections per process is shared by its threads; 0 keeps
    one connection for each thread. A connection is looked at before it is used, so that a server
    that was started anew is found again; a thread waits `pool_wait` seconds for one at most.
    """
    found = _parsed(url)
    if "sqlite" in found["ENGINE"]:
        found |= {"ENGINE": "andon.records.backends.sqlite", "OPTIONS": dict(_SQLITE)}
        return found | {"CONN_MAX_AGE": 600}
    if "postgresql" not in found["ENGINE"]:
        raise ImproperlyConfigured(_WRONG)
    found |= {"CONN_MAX_AGE": 0 if pool_size else 600, "CONN_HEALTH_CHECKS": True}
    options = {"connect_timeout": 5, **found.get("OPTIONS", {})}
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": pool_wait}
    return found | {"OPTIONS": options}


def _parsed(url: str) -> dict[str, Any]:
    try:
        return dict(dj_database_url.parse(url))
    except ValueError as error:
        raise ImproperlyConfigured(_WRONG) from error

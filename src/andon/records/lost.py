"""Why nothing could be stored, in words: the database is away, or the disk is full."""

import errno
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

_NO_SPACE = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_DISK_FULL = "53100"
"""PostgreSQL's code; SQLite has a name for it."""


def is_loss(error: BaseException | None) -> bool:
    """Tell whether an error means that the installation, not the caller, has to be helped."""
    return isinstance(error, OperationalError | InterfaceError) or is_full(error)


def is_full(error: BaseException | None) -> bool:
    """Tell whether an error, or one that it comes from, says that there is no more space."""
    return any(_says_full(one) for one in _with_causes(error))


def words(error: BaseException | None) -> tuple[str, str]:
    """Return title and detail for whoever wanted something stored."""
    if is_full(error):
        return _("The disk is full"), _("Nothing was stored; make space, then send it again.")
    return _("The database is away"), _("Nothing was stored; try again.")


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _NO_SPACE
    told = getattr(error, "sqlite_errorname", ""), getattr(error, "sqlstate", "")
    return told[0] == "SQLITE_FULL" or told[1] == _DISK_FULL

"""Evidence from a file that somebody gives: its values are copied, its digest says which it was."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from andon.analyze.studies.assigning import Wanted, assign, columns_of
from andon.analyze.studies.tables import BadTable, Table, read_table
from andon.records.errors import Refused
from andon.stats.catalogue import Method

MOST_BYTES = 10_000_000


def read_given(
    method: Method, file: Any, columns: Mapping[str, Any], decimal: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns of an uploaded CSV file by the method's inputs, and where they are from.

    `columns` maps inputs to headers; without any, the first column is the first input.
    """
    name, content = Path(str(file.name)).name[-120:], file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        message = _("A file of evidence has at most %(n)d MB.") % {"n": MOST_BYTES // 10**6}
        raise Refused.because(message, "file")
    if Path(name).suffix.lower() != ".csv":
        raise Refused.because(_("Give a CSV file, named .csv."), "file")
    table = _table(name, content, decimal)
    wanted = {key: [each] if isinstance(each, str) else each for key, each in columns.items()}
    wanted = wanted or {method.inputs[0].name: [table.frame.columns[0]]}
    try:
        given = columns_of(method, table, assign(method, table, Wanted(named=wanted)))
    except BadTable as error:
        raise Refused.because(str(error), "columns") from error
    return given, {"file": name, "sha256": hashlib.sha256(content).hexdigest()}


def _table(name: str, content: bytes, decimal: str) -> Table:
    with TemporaryDirectory() as folder:
        place = Path(folder) / name
        place.write_bytes(content)
        try:
            return read_table(place, decimal)
        except BadTable as error:
            raise Refused.because(str(error), "file") from error

"""Search over all records: words of any language, Chinese ones too.

The text is prepared in Python, case-folded, with each run of Chinese as single characters and
pairs, and kept where SQLite's FTS5 or PostgreSQL's tsvector finds it. Both databases therefore
answer alike.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from andon.records.models.keeping import SearchText
from andon.records.models.record import Record
from andon.records.registry import record_types

_BATCH = 500
MOST_TYPED, MOST_WORDS = 400, 40
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_WORD = re.compile(r"\w+")
_SQLITE = "SELECT rowid FROM records_searchindex WHERE records_searchindex MATCH %s"
_POSTGRESQL = (
    "SELECT record_id FROM records_searchtext"
    " WHERE to_tsvector('simple', text) @@ to_tsquery('simple', %s)"
)


def index(record: Record) -> None:
    """Store the record's words: number, title and what its workflow names."""
    SearchText.objects.update_or_create(record_id=record.pk, defaults={"text": text_of(record)})


def rebuild() -> int:
    """Store the words of every record anew, and return how many there are."""
    count = 0
    for model in record_types().values():
        for records in batched(model._default_manager.iterator()):
            SearchText.objects.bulk_create(
                [SearchText(record_id=record.pk, text=text_of(record)) for record in records],
                update_conflicts=True, unique_fields=["record"], update_fields=["text"],
            )  # fmt: skip
            count += len(records)
    return count


def text_of(record: Record) -> str:
    """Return the words under which a record is found."""
    names = record.WORKFLOW.search_fields
    words = " ".join([record.number, *(str(getattr(record, name) or "") for name in names)])
    return " ".join(prepared(words))


def batched(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Yield records some at a time."""
    rest = iter(records)
    while part := list(islice(rest, _BATCH)):
        yield part


def find(query: str, *, newest: int = 0) -> QuerySet[Record]:
    """Return the records that contain every word of the query; the last may be unfinished.

    With `newest` at most so many are looked at, the newest first: a common word stays fast.
    """
    words = prepared(query[:MOST_TYPED], pairs_only=True)[:MOST_WORDS]
    if not words:
        return Record.objects.none()
    if connection.vendor == "postgresql":
        # The sum keeps the planner from walking all records by key and reading each one's words.
        match, sql, key = " & ".join(words) + ":*", _POSTGRESQL, "record_id + 0"
    else:
        # Only the last: for a beginning FTS5 gathers all records of all its words, however many.
        match, sql, key = " ".join(f'"{word}"' for word in words) + "*", _SQLITE, "rowid"
    if newest:
        sql = f"{sql} ORDER BY {key} DESC LIMIT {int(newest)}"
    return Record.objects.filter(pk__in=RawSQL(sql, [match])).order_by("-id")  # noqa: S611


def prepared(text: str, *, pairs_only: bool = False) -> list[str]:
    """Return the words of a text as they are indexed or looked for.

    >>> prepared("Prüfmaß 不合格")
    ['prufmass', '不', '合', '格', '不合', '合格']
    >>> prepared("不合格", pairs_only=True)
    ['不合', '合格']
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(mark for mark in folded if not unicodedata.combining(mark))
    plain = unicodedata.normalize("NFC", plain)
    words = []
    for word in _WORD.findall(plain.replace("_", " ")):
        words += _CJK.sub(" ", word).split()
        for run in _CJK.findall(word):
            words += _singles_and_pairs(run, pairs_only=pairs_only)
    return words


def _singles_and_pairs(run: str, *, pairs_only: bool) -> list[str]:
    pairs = [run[place : place + 2] for place in range(len(run) - 1)]
    return pairs if pairs_only and pairs else [*run, *pairs]

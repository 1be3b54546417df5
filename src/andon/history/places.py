"""When each stream was measured last: told by the index, without reading a measurement."""

from datetime import datetime

from django.db.models import Max

from andon.history.models import BlockStream, LakeStream


def newest(characteristic: str = "") -> datetime | None:
    """Return when anything, or a characteristic, was measured last."""
    wanted = {"characteristic": characteristic} if characteristic else {}
    found = [
        model.objects.filter(**wanted).aggregate(newest=Max("until"))["newest"]
        for model in (BlockStream, LakeStream)
    ]
    return max((at for at in found if at is not None), default=None)


def newest_by_stream(since: datetime | None = None) -> dict[str, datetime]:
    """Return for each stream when it was measured last; with `since` only those measured then."""
    wanted = {"until__gte": since} if since is not None else {}
    found = dict(LakeStream.objects.filter(**wanted).values_list("stream", "until"))
    blocks = BlockStream.objects.filter(**wanted).values_list("stream").annotate(Max("until"))
    for stream, until in blocks.order_by():
        found[stream] = max(until, found.get(stream, until))
    return found

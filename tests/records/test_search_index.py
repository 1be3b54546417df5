"""The search index can be thrown away and built again from the records."""

from collections.abc import Callable

import pytest

from andon.identify.nonconformities.models import Nonconformity
from andon.records import search
from andon.records.models import SearchText


def test_a_rebuilt_index_finds_what_the_lost_one_found(
    report: Callable[..., Nonconformity],
) -> None:
    titles = ("Prüfmaß falsch", "表面不合格", "Burr")
    made = [report(title) for title in titles]
    SearchText.objects.filter(record=made[0]).delete()
    SearchText.objects.filter(record=made[1]).update(text="stale")
    assert not search.find("pruefmass").exists()
    assert search.find("stale").exists()
    assert search.rebuild() == len(titles)
    assert [one.pk for one in search.find("prüfmass")] == [made[0].pk]
    assert [one.pk for one in search.find("不合格")] == [made[1].pk]
    assert not search.find("stale").exists()


def test_rebuilding_goes_through_every_part(
    report: Callable[..., Nonconformity], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {report(f"burr {place}").pk for place in range(5)}
    SearchText.objects.all().delete()
    monkeypatch.setattr(search, "_BATCH", 2)
    assert search.rebuild() == len(made)
    assert {one.pk for one in search.find("burr")} == made

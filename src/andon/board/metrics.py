"""What Prometheus reads: how the server answers, what is open, how far the log has come."""

import os
from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Max
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from andon.history.models import BatchKey
from andon.records.models import Entry
from andon.records.registry import record_types


class _Installation(Collector):
    """Reads its figures when it is asked: all of them from indexes."""

    def collect(self) -> Iterator[Metric]:
        """Yield what the database tells."""
        yield GaugeMetricFamily(
            "andon_database_up", "1: the database answers.", value=float(_answers())
        )
        yield _newest("andon_entries", "Entries of the trail written so far.", Entry)
        yield _newest("andon_batches", "Batches of measurements accepted so far.", BatchKey)
        yield _open_records()


def exposition() -> bytes:
    """Return all figures in the format of Prometheus, of all server processes together."""
    registry = CollectorRegistry()
    registry.register(_Installation())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _newest(name: str, text: str, model: type[Entry] | type[BatchKey]) -> CounterMetricFamily:
    newest = model.objects.aggregate(newest=Max("pk"))["newest"]
    return CounterMetricFamily(name, text, value=float(newest or 0))


def _open_records() -> GaugeMetricFamily:
    told = GaugeMetricFamily(
        "andon_open_records", "Open records by type and state.", labels=["type", "state"]
    )
    for kind in record_types().values():
        rows = kind.objects.filter(closed_at__isnull=True).values("state").annotate(n=Count("pk"))
        for row in rows.order_by("state"):
            told.add_metric([kind.WORKFLOW.prefix, row["state"]], row["n"])
    return told

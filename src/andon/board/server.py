"""Serving: one process with threads, and beside them the worker, on the embedded database."""

import gc
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.urls import get_resolver
from django.utils.translation import gettext as _
from gunicorn.app.base import BaseApplication

from andon.board.process import Process, choose_worker
from andon.records.errors import Refused
from andon.records.tracing import require_installed

_FIGURES = "andon-metrics-"


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured here instead of by a file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand over the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application that a worker process serves."""
        return get_wsgi_application()


def require_fitting(workers: int) -> None:
    """Refuse what cannot be served: several processes on SQLite, traces that nothing can send."""
    require_installed()
    if workers > 1 and connection.vendor == "sqlite":
        raise Refused.because(
            _("SQLite lets one process write: serve with one, or move to PostgreSQL (andon move).")
        )


def require_free(host: str, port: int) -> None:
    """Refuse an address at which something listens already, or where one may not listen."""
    try:
        family, kind, number, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, number) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except (OSError, UnicodeError) as error:
        message = _(
            "Nothing can be served at %(host)s, port %(port)d (%(why)s):"
            " choose another --host or --port."
        )
        told = {"host": host, "port": port, "why": getattr(error, "strerror", "") or error}
        raise Refused.because(message % told) from error


def serve_forever(*, host: str, port: int, threads: int, workers: int, works: bool) -> None:
    """Serve until stopped; `works` also does what time demands, in a thread of one process."""
    _let_go_of_databases()
    os.environ.setdefault("ANDON_DATA_DIR", str(settings.DATA_DIR))
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if workers > 1:
        # The library of the figures decides at its import, in each process, where it keeps them.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=_FIGURES)

    def choose(server: Any, process: Process) -> None:
        if works:
            choose_worker(server, process)

    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def tell(_server: Any) -> None:
        told = _("Andon is at http://%(address)s/, its data in %(folder)s.")
        click.echo(told % {"address": address, "folder": settings.DATA_DIR})

    _Server(
        {
            "bind": address,
            "workers": workers,
            "threads": threads,
            "worker_class": Process,
            "timeout": 120,
            "graceful_timeout": 20,
            "keepalive": 30,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "andon",
            "control_socket_disable": True,
            "when_ready": tell,
            "pre_fork": choose,
            "post_worker_init": _begin,
            "on_exit": _leave_nothing,
        }
    ).run()


def _begin(process: Process) -> None:
    _settle()
    process.begin_work()


def _settle() -> None:
    """Load all that requests need, and spare the collector of garbage from looking at it again.

    A fifth of an inspection's time went into looking through the program's own objects.
    """
    get_resolver()._populate()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _leave_nothing(_server: Any) -> None:
    """Remove the folder in which the processes kept their figures."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder and Path(folder).name.startswith(_FIGURES):
        shutil.rmtree(folder, ignore_errors=True)


def _let_go_of_databases() -> None:
    """Close what the first process has opened: no pool and no connection survives a fork."""
    for opened in connections.all(initialized_only=True):
        opened.close()
        if opened.vendor == "postgresql":
            opened.close_pool()  # type: ignore[attr-defined]

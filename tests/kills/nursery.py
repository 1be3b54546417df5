"""A process that has Andon imported and forks servers and workers of it, so that a kill is cheap.

It reads one JSON object a line: what to run, and with which shares to die. A child has a process
group of its own, dies by SIGKILL at the places that the shares name, and is reaped by nobody: the
product knows nothing of all this.
"""

import contextlib
import ctypes
import json
import os
import random
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import django

_SUBREAPER = 36
_MOST_PAGES = 2**32 - 2
_POSTING = threading.local()
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def die(share: float) -> None:
    """Kill this process and its group in so many of all cases."""
    if random.random() < share:
        os.killpg(0, signal.SIGKILL)
        time.sleep(60)


def dying_before_commit(share: float) -> None:
    """Let a server die when it would commit what a writing request has done."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    whole = BaseDatabaseWrapper._commit

    def commit(self: BaseDatabaseWrapper) -> Any:
        if getattr(_POSTING, "is_so", False):
            die(share)
        return whole(self)

    BaseDatabaseWrapper._commit = commit  # type: ignore[method-assign]


def dying_before_answer(share: float) -> None:
    """Let a server die when all is committed and nobody has been told."""
    from andon.board import server

    made = server.get_wsgi_application

    def get_application() -> Application:
        application: Application = made()

        def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            _POSTING.is_so = environ["REQUEST_METHOD"] in ("POST", "PUT", "PATCH")
            told = application(environ, start)
            if _POSTING.is_so:
                die(share)
            _POSTING.is_so = False
            return told

        return answer

    server.get_wsgi_application = get_application  # type: ignore[assignment]


def holding_pages(path: Path) -> None:
    """Let the database have no more pages while a file is there, as if its disk were full."""
    from django.core.signals import request_started
    from django.db import connection

    def hold(**_given: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {1 if path.exists() else _MOST_PAGES}")

    request_started.connect(hold, weak=False, dispatch_uid="hold")


def serve(asked: dict[str, Any]) -> None:
    """Serve as `andon serve` does."""
    dying_before_answer(asked.get("after", 0.0))
    if asked.get("before"):
        dying_before_commit(asked["before"])
    if asked.get("pages"):
        holding_pages(Path(asked["pages"]))
    from andon.cli import main

    sys.argv = ["andon", "serve", "--port", str(asked["port"]), *asked["options"]]
    main()


def build(asked: dict[str, Any]) -> None:
    """Make the installation; a database that has its tables already is taken as it is."""
    from django.conf import settings

    from kills import factory

    if asked["ready"]:
        shutil.copy(asked["ready"], settings.DATABASES["default"]["NAME"])
    _write(asked["to"], factory.build(has_tables=bool(asked["ready"])))


def tell(asked: dict[str, Any]) -> None:
    """Tell what the installation holds, and which creating addresses nobody called."""
    from kills import coverage, telling

    untried = coverage.uncovered([(method, path) for method, path in asked["called"]])
    _write(asked["to"], telling.tell() | {"uncovered": untried})


def _write(path: str, told: Any) -> None:
    part = Path(f"{path}.part")
    part.write_text(json.dumps(told))
    part.replace(path)


def work(asked: dict[str, Any]) -> None:
    """Do something with the history of measurements."""
    from kills import lake

    given = {name: one for name, one in asked.items() if name not in ("run", "log", "to")}
    _write(asked["to"], lake.WORK[asked["run"]](**given))


def open_torn(asked: dict[str, Any]) -> None:
    """Open a database whose log was cut, and tell what it holds."""
    from django.conf import settings

    from kills import torn

    settings.DATABASES["default"]["NAME"] = asked["path"]
    _write(asked["to"], torn.held())


RUNS: dict[str, Callable[[dict[str, Any]], None]] = {
    "serve": serve, "build": build, "tell": tell, "torn": open_torn,
}  # fmt: skip


def forked(asked: dict[str, Any]) -> int:
    """Return the process that runs what is asked."""
    child = os.fork()
    if child:
        with contextlib.suppress(OSError):  # the child may have done it, or be dead already
            os.setpgid(child, child)
        return child
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(log, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        RUNS.get(asked["run"], work)(asked)
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(0)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Import what a server needs, then fork whatever is asked for."""
    django.setup()
    import deltalake  # noqa: F401
    import polars  # noqa: F401
    from django.urls import get_resolver

    import andon.board.server
    import andon.cli  # noqa: F401

    assert get_resolver().url_patterns
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # What a killed server leaves behind comes here, and is gone at once.
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    _say("ready")
    for line in sys.stdin:
        _say(str(forked(json.loads(line))))


if __name__ == "__main__":
    main()

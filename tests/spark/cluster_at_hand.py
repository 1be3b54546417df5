"""A real standalone cluster on loopback: one master, two workers, each a process of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark

_HOME = Path(pyspark.__file__).parent
_MASTER = re.compile(r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Run the cluster and yield its address."""
    log = folder / "master.log"
    master = _started("master.Master", log, "--port", "0", "--webui-port", "0")
    workers = []
    try:
        address = _waited_for(log, _MASTER)
        for number in (1, 2):
            path = folder / f"worker{number}.log"
            workers.append(
                _started(
                    "worker.Worker",
                    path,
                    "--cores",
                    "1",
                    "--memory",
                    "700m",
                    "--port",
                    "0",
                    "--webui-port",
                    "0",
                    "--work-dir",
                    str(folder / f"work{number}"),
                    address,
                )
            )
        for number in (1, 2):
            _waited_for(folder / f"worker{number}.log", re.compile("(registered with master)"))
        yield address
    finally:
        for process in (*workers, master):
            process.terminate()
            process.wait(30)


def _started(kind: str, log: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [str(_HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}",
               "--host", "127.0.0.1", *options]  # fmt: skip
    environment = {
        **os.environ, "SPARK_HOME": str(_HOME), "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "300m", "PYSPARK_PYTHON": sys.executable,
    }  # fmt: skip
    with log.open("wb") as told:
        return subprocess.Popen(command, env=environment, stdout=told, stderr=subprocess.STDOUT)


def _waited_for(log: Path, wanted: re.Pattern[str]) -> str:
    text = ""
    for _ in range(1000):
        text = log.read_text() if log.exists() else ""
        if found := wanted.search(text):
            return found.group(1)
        time.sleep(0.1)
    message = f"Spark did not start: {text[-2000:]}"
    raise RuntimeError(message)

"""`build_static`: writes the generated static files, which are not committed."""

import re
from pathlib import Path
from typing import Any

import vl_convert
from django.core.management.base import BaseCommand

VENDOR = Path(__file__).resolve().parents[2] / "static" / "web" / "vendor"
_SNIPPET = "window.vegaEmbed = vegaEmbed; window.vega = vega;"
_SOURCE_MAP = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)
"""Manifest storage fails on a map that does not exist."""


def vega_bundle() -> str:
    """Return Vega, Vega-Lite, the interpreter and the embedder as one module."""
    return _SOURCE_MAP.sub("", vl_convert.javascript_bundle(_SNIPPET))


def write_if_changed(file: Path, text: str) -> bool:
    """Write a file unless it already says so; tell whether it was written."""
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return True


class Command(BaseCommand):
    """Writes vendor/vega.js from the installed converter."""

    help = "Write the generated static files (Vega for the charts)."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Write what is missing or out of date."""
        file = VENDOR / "vega.js"
        done = "written" if write_if_changed(file, vega_bundle()) else "up to date"
        self.stdout.write(f"{file.name}: {done}")

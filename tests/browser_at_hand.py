"""Finds Chromium, or installs it by the system's package manager; else says what to install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def browser() -> str | None:
    """Return the path of a Chromium on this machine."""
    named = os.environ.get("ANDON_TEST_BROWSER")
    found = [named] if named else [shutil.which(name) for name in NAMES]
    if Path(MAC).exists():
        found.append(MAC)
    return next((path for path in found if path), None)


def install() -> None:
    """Ask the system's package manager where this account may."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
            check=False,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )


if __name__ == "__main__":
    if browser() is None:
        install()
    if browser() is None:
        sys.exit("No Chromium found: install the package chromium, or set ANDON_TEST_BROWSER.")

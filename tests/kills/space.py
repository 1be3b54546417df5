"""A disk that is full for a while: a small one really filled, or pages that are held back."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

_PIECE = bytes(4096)


class Space(Protocol):
    """Something in which there is space or not."""

    def take(self) -> None:
        """Leave no space."""

    def give(self) -> None:
        """Give it back."""


class Pages:
    """Holds back the pages of a SQLite database: it answers as on a full disk, without rights."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def take(self) -> None:
        """Let the database have no page more than it has: it takes one as all there are."""
        self.path.write_text("1")

    def give(self) -> None:
        """Let it grow again."""
        self.path.unlink()


class Filler:
    """Fills the disk on which a folder lies."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "filler"

    def take(self) -> None:
        """Write until nothing more goes in."""
        with self.path.open("wb", buffering=0) as file:
            try:
                while file.write(_PIECE):
                    pass
            except OSError:
                return

    def give(self) -> None:
        """Remove what fills it."""
        self.path.unlink()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """Mount a small disk in memory for a while; False where this machine does not let us."""
    folder.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", str(folder)]
    is_mounted = os.geteuid() == 0 and not subprocess.run(words, check=False).returncode
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)

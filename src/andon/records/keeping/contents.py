"""What a backup holds beside the database, and where each part belongs."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

DATABASE = "database.sqlite3"
MANIFEST = "manifest.json"
FORM = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or a folder with all in it, of an installation."""

    name: str
    place: Path
    is_secret: bool = False

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield name in the backup and path of each file."""
        if self.place.is_file():
            yield self.name, self.place
        elif self.place.is_dir():
            for path in sorted(self.place.rglob("*")):
                if path.is_file() and not path.name.endswith((".lock", ".tmp")):
                    yield f"{self.name}/{path.relative_to(self.place).as_posix()}", path


def parts(*, has_secrets: bool) -> list[Part]:
    """Return what belongs to this installation; a lake in an object store stays there."""
    data = Path(settings.DATA_DIR)
    found = [
        Part("files", Path(settings.MEDIA_ROOT)),
        Part("anchors.jsonl", Path(settings.ANCHOR_FILE)),
        Part("secret_key", data / "secret_key", is_secret=True),
        Part("andon.env", data / "andon.env", is_secret=True),
    ]
    if "://" not in settings.LAKE_URL:
        found.append(Part("lake", Path(settings.LAKE_URL)))
    return [part for part in found if has_secrets or not part.is_secret]


def sha256_of(path: Path) -> str:
    """Return the digest of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def digest_of_bytes(content: bytes) -> str:
    """Return the digest of a content."""
    return hashlib.sha256(content).hexdigest()

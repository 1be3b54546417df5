"""Files of records: kept by the hash of their content, which is checked at each download."""

import hashlib
import logging
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from andon.records import clock
from andon.records.errors import Conflict, Refused
from andon.records.models import Account, Attachment, Record
from andon.records.permissions import require
from andon.records.trail.context import acting

MOST_NAME = 255
log = logging.getLogger(__name__)
_PICTURES = frozenset(("image/jpeg", "image/png", "image/webp", "image/gif"))


def attach(record: Record, file: "UploadedFile[bytes]", *, actor: Account) -> Attachment:
    """Store a file and hang it on a record."""
    require(actor, "records.attach")
    if (file.size or 0) > settings.MAX_ATTACHMENT_BYTES:
        most = settings.MAX_ATTACHMENT_BYTES // 2**20
        raise Refused.because(_("A file has at most %(most)d MB.") % {"most": most}, "file")
    if not file.size:
        raise Refused.because(_("The file is empty."), "file")
    sha256, size = _keep(file)
    with acting(actor):
        return Attachment.objects.create(
            record_id=record.pk, name=_safe_name(file.name or ""), size=size, sha256=sha256,
            content_type=(file.content_type or "application/octet-stream").replace("\0", "")[:100],
            uploaded_by=actor, uploaded_at=clock.now(),
        )  # fmt: skip


def is_picture(attachment: Attachment) -> bool:
    """Tell whether a small picture of the file can be shown."""
    return attachment.content_type in _PICTURES


def checked_path(attachment: Attachment) -> Path:
    """Return where the file lies, after its hash was found to be what was stored."""
    path = path_of(attachment.sha256)
    if not path.is_file() or _digest(path) != attachment.sha256:
        log.error("attachment %s does not have its stored hash any more", attachment.pk)
        raise Conflict(_("This file is not the one that was attached: it was changed or lost."))
    return path


def given_out(attachment: Attachment) -> FileResponse:
    """Give out a file after its hash was found right: always as a download, never as a page."""
    response = FileResponse(
        checked_path(attachment).open("rb"), as_attachment=True, filename=attachment.name,
        content_type="application/octet-stream",
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    return response


def path_of(sha256: str) -> Path:
    """Return the place of a content: two levels, named by its hash."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def _keep(file: "UploadedFile[bytes]") -> tuple[str, int]:
    """Write a file durably under its hash; the same content is kept once."""
    digest, size = hashlib.sha256(), 0
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=root, delete=False) as kept:
        try:
            for chunk in file.chunks():
                digest.update(chunk)
                size += len(chunk)
                kept.write(chunk)
            kept.flush()
            os.fsync(kept.fileno())
        except OSError:  # half a file would keep a full disk full
            Path(kept.name).unlink()
            raise
    target = path_of(digest.hexdigest())
    target.parent.mkdir(exist_ok=True)
    Path(kept.name).replace(target)
    return digest.hexdigest(), size


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _safe_name(name: str) -> str:
    """Return a name that is no path and holds nothing strange; its ending is kept."""
    try:
        name = get_valid_filename(Path(name.replace("\\", "/")).name)
    except SuspiciousFileOperation:  # a name of nothing but dots
        return "file"
    ending = Path(name).suffix[:20]
    return name if len(name) <= MOST_NAME else name[: MOST_NAME - len(ending)] + ending

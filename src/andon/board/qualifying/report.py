"""The report: what was observed on which installation, as JSON and as a PDF that is signed."""

import hashlib
import json
import platform
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from andon import __version__
from andon.board.qualifying.checks import Observed, Verdict
from andon.records import clock
from andon.records.models import Account, SecurityEvent
from andon.records.pdf import fonts
from andon.records.security_events import note

INTENDED_USE = (
    "Andon records measurements, finds departures, leads nonconformities and corrective actions to"
    " a proven effect, and keeps the record of it."
)


@dataclass(frozen=True, slots=True)
class Written:
    """A report that was written and entered in the trail."""

    pdf: Path
    data: Path
    sha256: str
    is_good: bool


def write_report(folder: Path, observed: list[Observed], *, actor: Account) -> Written:
    """Write both files, named by the instant, and enter their digest in the trail."""
    now = clock.now()
    told = _told(observed, actor)
    text = json.dumps(told, indent=1, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"qualification-{now:%Y%m%dT%H%M%SZ}"
    data, pdf = stem.with_suffix(".json"), stem.with_suffix(".pdf")
    data.write_text(text, encoding="utf-8")
    pdf.write_bytes(_pdf(told, digest))
    about = f"{told['verdict']}: {data.name}, SHA-256 {digest}"
    note(SecurityEvent.Kind.QUALIFIED, username=actor.username, about=about)
    return Written(pdf, data, digest, told["verdict"] == Verdict.PASSED)


def _told(observed: list[Observed], actor: Account) -> dict[str, Any]:
    good = {Verdict.PASSED, Verdict.DOES_NOT_APPLY}
    is_good = all(one.verdict in good for one in observed)
    return {
        "title": "Installation and operation qualification",
        "intended_use": INTENDED_USE,
        "installation": _installation(),
        "signature": {
            "name": actor.name, "username": actor.username, "meaning": "performed",
            "at": clock.now().astimezone(clock.site_zone()).strftime("%Y-%m-%d %H:%M %Z"),
        },
        "verdict": str(Verdict.PASSED if is_good else Verdict.FAILED),
        "counts": {str(one): sum(o.verdict == one for o in observed) for one in Verdict},
        "checks": [one.to_dict() for one in observed],
    }  # fmt: skip


def _installation() -> dict[str, str]:
    newest = MigrationRecorder.Migration.objects.order_by("-id").first()
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("SELECT sqlite_version()" if is_sqlite else "SHOW server_version")
        database = f"{connection.vendor} {cursor.fetchone()[0]}"
    return {
        "Andon": __version__, "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "database": database,
        "schema": f"{newest.app} {newest.name}" if newest else "none",
        "data folder": str(settings.DATA_DIR),
        "site's time zone": str(settings.SITE_TIME_ZONE),
    }  # fmt: skip


def _pdf(told: dict[str, Any], digest: str) -> bytes:
    content = json.dumps(told | {"digest": digest, "fonts": fonts(), "page": _("page")})
    with as_file(files("andon.board.qualifying") / "report.typ") as template:
        return bytes(
            typst.compile(
                str(template), root=str(template.parent), format="pdf",
                sys_inputs={"report": content}, timestamp=int(clock.now().timestamp()),
            )
        )  # fmt: skip

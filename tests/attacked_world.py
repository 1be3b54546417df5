"""A small factory with records, signatures, files and measurements, anchored several times."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from andon.identify.measurements.services import record as record_measurements
from andon.identify.nonconformities.models import Nonconformity
from andon.records.attachments import attach
from andon.records.services import Signing, advance, change, comment, create
from andon.records.trail.anchoring import anchor
from andon.records.trail.context import acting
from small_factory import PASSWORD, build_small_factory, measured


def build_attacked_world(account_with: Any, *, records: int) -> None:
    """Build it; a third of the records is signed, each has comments and a file."""
    engineer, manager = account_with("QE", "INS"), account_with("QM")
    with acting(engineer):
        build_small_factory()
    for number in range(records):
        record = create(
            Nonconformity(title=f"Burr {number}", defect="burr", location="L3"), actor=engineer
        )
        record = change(
            record, actor=engineer, values={"title": f"Burr at tip {number}"}, version=1,
            reason="said more exactly",
        )  # fmt: skip
        file = SimpleUploadedFile(f"photo-{number}.txt", f"photo {number}".encode())
        attach(record, file, actor=engineer)
        if number % 3 == 0:
            advance(
                record, "cancel", actor=manager, reason="double",
                signing=Signing(PASSWORD, "cancelled, lots released"),
            )  # fmt: skip
        comment(record, text=f"seen {number}", actor=engineer)
        record_measurements([measured(serial=f"S{number}")], actor=engineer, key=f"key {number}")
        if number % 4 == 3:
            anchor()
    anchor()

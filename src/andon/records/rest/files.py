"""The files of a record: listed with their hashes, given out after a check, and attached."""

from datetime import datetime
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status

from andon.records.attachments import attach, given_out
from andon.records.models import Attachment, Record
from andon.records.permissions import require
from andon.records.registry import kind_of
from andon.records.rest.access import account_of, needs
from andon.records.rest.problems import REFUSALS


class FileOut(Schema):
    """A file that hangs on a record; `sha256` is the hash of its content."""

    id: int
    name: str
    size: int
    sha256: str
    content_type: str
    uploaded_by: str
    uploaded_at: datetime

    @staticmethod
    def resolve_uploaded_by(attachment: Attachment) -> str:
        """Tell who attached it by the user name."""
        return attachment.uploaded_by.username


def add_files(router: Router, model: type[Record]) -> None:
    """Add the operations on the files of a record type."""
    kind = kind_of(model)

    def record_of(number: str) -> Record:
        found: Record = model._default_manager.get(number=number)
        return found

    @router.get(
        "/{number}/files", response={200: list[FileOut], **REFUSALS}, operation_id=f"{kind}_files"
    )
    @needs(f"{kind}.view")
    def list_files(request: HttpRequest, number: str) -> Any:
        """List the files of a record."""
        return record_of(number).attachments.select_related("uploaded_by")

    @router.post(
        "/{number}/files", response={201: FileOut, **REFUSALS}, operation_id=f"{kind}_attach"
    )
    @needs("records.attach")
    def attach_file(
        request: HttpRequest, number: str, file: Annotated[UploadedFile, File()]
    ) -> Any:
        """Attach a file, sent as the part `file` of a form."""
        account = account_of(request)
        require(account, f"{kind}.view")
        return Status(201, attach(record_of(number), file, actor=account))

    @router.get(
        "/{number}/files/{int:file}",
        response={200: bytes, **REFUSALS},
        operation_id=f"{kind}_file",
        openapi_extra={"responses": {200: {"content": {"application/octet-stream": {}}}}},
    )
    @needs(f"{kind}.view")
    def read_file(request: HttpRequest, number: str, file: int) -> FileResponse:
        """Give out a file after its hash was found to be the stored one."""
        return given_out(get_object_or_404(Attachment, pk=file, record=record_of(number)))

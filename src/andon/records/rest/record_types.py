"""The generic operations of every record type: list, read, create, change, step, link, history."""

import json
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Router, Schema
from ninja.responses import Status
from pydantic import create_model

from andon.records import services, signing
from andon.records.errors import Refused
from andon.records.history import values_told, withheld_tables
from andon.records.models import Account, Entry, Record
from andon.records.permissions import require
from andon.records.registry import kind_of, record_types, type_of_prefix
from andon.records.rest.access import account_of, needs
from andon.records.rest.cursors import page_of
from andon.records.rest.files import add_files
from andon.records.rest.idempotency import once
from andon.records.rest.problems import REFUSALS
from andon.records.rest.schemas import Strict, found, read_schema, told, write_schema


class SigningIn(Strict):
    """A signature: the caller's password again, and the meaning as the step states it."""

    password: str
    meaning: str
    username: str = ""


class ListQuery(Schema):
    """What a list can be narrowed to."""

    state: str = ""
    owner: str = ""
    is_open: bool | None = None
    cursor: str = ""
    limit: int = 50


class HistoryLine(Schema):
    """One entry of a record's chain; readings of a running study have no values yet."""

    sequence: int
    at: str
    actor: str
    action: str
    table: str
    row: str
    old: dict[str, Any]
    new: dict[str, Any]
    reason: str
    digest: str


class LinkIn(Strict):
    """An arrow to another record, by its number."""

    target: str
    kind: str = "related"
    note: str = ""


class CommentIn(Strict):
    """What somebody says about a record."""

    text: str


class StepLine(Schema):
    """A step that the caller may take, and what still stands against it."""

    name: str
    label: str
    target: str
    asks: list[str]
    meaning: str
    stands_against: list[str]


def install(api: NinjaAPI) -> None:
    """Mount one router per record type, at its prefix."""
    for model in record_types().values():
        api.add_router(f"/{model.WORKFLOW.prefix.lower()}", router_of(model))


def router_of(model: type[Record]) -> Router:
    """Return the router with every generic operation of a record type."""
    router = Router(tags=[str(model.WORKFLOW.plural)])
    _add_reading(router, model)
    _add_writing(router, model)
    _add_step(router, model)
    _add_hanging(router, model)
    add_files(router, model)
    return router


def _add_reading(router: Router, model: type[Record]) -> None:
    kind = kind_of(model)
    schema: Any = read_schema(model)
    page = create_model(
        f"{model.__name__}Page", __base__=Schema, items=(list[schema], ...), next=(str, "")
    )

    @router.get("/", response={200: page, **REFUSALS}, operation_id=f"{kind}_list")
    @needs(f"{kind}.view")
    def list_records(request: HttpRequest, query: Query[ListQuery]) -> Any:
        """List records, newest first, by cursor."""
        rows, following = page_of(_narrowed(model, query), query.cursor, query.limit)
        return {"items": [told(row) for row in rows], "next": following}

    @router.get("/{number}", response={200: schema, **REFUSALS}, operation_id=f"{kind}_read")
    @needs(f"{kind}.view")
    def read_record(request: HttpRequest, number: str, response: HttpResponse) -> Any:
        """Read one record; the ETag is its version."""
        record = record_of(model, number)
        response["ETag"] = etag(record)
        return told(record)

    @router.get(
        "/{number}/history",
        response={200: list[HistoryLine], **REFUSALS},
        operation_id=f"{kind}_history",
    )
    @needs(f"{kind}.view")
    def history(request: HttpRequest, number: str) -> Any:
        """Read the entries of a record's chain, oldest first."""
        return history_of(record_of(model, number))


def _add_writing(router: Router, model: type[Record]) -> None:
    kind, schema, values = kind_of(model), read_schema(model), write_schema(model)

    @router.post("/", response={201: schema, **REFUSALS}, operation_id=f"{kind}_create")
    @needs(f"{kind}.create")
    def create_record(request: HttpRequest, body: values) -> Any:  # type: ignore[valid-type]
        """Create a record in its first state."""
        return once(request, lambda: (201, told_json(_created(model, body, account_of(request)))))

    @router.patch("/{number}", response={200: schema, **REFUSALS}, operation_id=f"{kind}_change")
    @needs(f"{kind}.change")
    def change_record(request: HttpRequest, number: str, body: values, reason: str = "") -> Any:  # type: ignore[valid-type]
        """Change fields; If-Match carries the ETag that was read."""
        record = record_of(model, number)
        changed = services.change(
            record, actor=account_of(request), values=_values(model, body),
            version=_matched(request), reason=reason,
        )  # fmt: skip
        return _with_etag(changed)


def _add_step(router: Router, model: type[Record]) -> None:
    kind = kind_of(model)

    @router.get(
        "/{number}/steps", response={200: list[StepLine], **REFUSALS}, operation_id=f"{kind}_steps"
    )
    @needs(f"{kind}.view")
    def steps(request: HttpRequest, number: str) -> Any:
        """List the steps the caller may take now."""
        return [
            _step_line(*pair)
            for pair in services.steps(record_of(model, number), actor=account_of(request))
        ]

    class StepIn(Strict):
        values: write_schema(model) | None = None  # type: ignore[valid-type]
        reason: str = ""
        signing: SigningIn | None = None

    StepIn.__name__ = StepIn.__qualname__ = f"{model.__name__}Step"

    @router.post(
        "/{number}/steps/{step}",
        response={200: read_schema(model), **REFUSALS},
        operation_id=f"{kind}_step",
    )
    @needs(f"{kind}.view")
    def take_step(request: HttpRequest, number: str, step: str, body: StepIn) -> Any:
        """Take one step of the workflow; each step asks for its own permission."""
        answer = once(
            request, lambda: (200, told_json(_stepped(request, model, number, step, body)))
        )
        if body.signing is not None and not request.headers.get("Authorization"):
            signing.note_signed(request.session)
        return answer


def _add_hanging(router: Router, model: type[Record]) -> None:
    kind = kind_of(model)

    @router.post("/{number}/links", response={201: LinkIn, **REFUSALS}, operation_id=f"{kind}_link")
    @needs("records.link")
    def add_link(request: HttpRequest, number: str, body: LinkIn) -> Any:
        """Link this record to another by its number."""
        require(account_of(request), f"{kind}.view")
        services.link(
            record_of(model, number), any_record(body.target), kind=body.kind,
            actor=account_of(request), note=body.note,
        )  # fmt: skip
        return Status(201, body)

    @router.post(
        "/{number}/comments", response={201: CommentIn, **REFUSALS}, operation_id=f"{kind}_comment"
    )
    @needs("records.comment")
    def add_comment(request: HttpRequest, number: str, body: CommentIn) -> Any:
        """Say something about this record."""
        require(account_of(request), f"{kind}.view")
        record = record_of(model, number)
        services.comment(record, text=body.text, actor=account_of(request))
        return Status(201, body)


def record_of(model: type[Record], number: str) -> Record:
    """Return the record of that number, or answer 404."""
    return model._default_manager.select_related("owner", "created_by").get(number=number)


def any_record(number: str) -> Record:
    """Return a record of any type by its number."""
    try:
        return record_of(type_of_prefix(number.partition("-")[0]), number)
    except (KeyError, ObjectDoesNotExist) as error:
        raise Refused.because(
            _("There is no record %(number)s.") % {"number": number}, "target"
        ) from error


def history_of(record: Record) -> list[dict[str, Any]]:
    """Return the entries of a record's chain as plain values; what is withheld has none yet."""
    names = ("sequence", "at", "actor", "action", "table", "row", "reason", "digest")
    entries = Entry.objects.filter(chain=f"record:{record.pk}").order_by("sequence")
    hidden = withheld_tables(record)
    return [
        {name: getattr(entry, name) for name in names}
        | {
            name: {} if entry.table in hidden else values_told(record, getattr(entry, name))
            for name in ("old", "new")
        }
        for entry in entries
    ]


def etag(record: Record) -> str:
    """Return the entity tag of a record: its version."""
    return f'"{record.version}"'


def _narrowed(model: type[Record], query: ListQuery) -> Any:
    rows = model._default_manager.select_related("owner", "created_by").prefetch_related(
        "signatures"
    )
    if query.state:
        rows = rows.filter(state=query.state)
    if query.owner:
        rows = rows.filter(owner__username=query.owner)
    return rows if query.is_open is None else rows.filter(closed_at__isnull=query.is_open)


def _created(model: type[Record], body: Any, actor: Account) -> Record:
    record = model()
    for name, value in _values(model, body).items():
        setattr(record, name, value)
    return services.create(record, actor=actor)


def _values(model: type[Record], body: Any) -> dict[str, Any]:
    """Return the given fields with related rows looked up; an unknown one is named."""
    values = {}
    for name, value in body.model_dump(exclude_unset=True).items():
        if value is None and not model._meta.get_field(name).null:
            raise Refused.because(_("Leave it out instead of giving null."), name)
        try:
            values[name] = found(model, name, value)
        except ObjectDoesNotExist as error:
            raise Refused.because(_("There is no %(value)s.") % {"value": value}, name) from error
    return values


def _matched(request: HttpRequest) -> int:
    given = request.headers.get("If-Match", "").strip('W/" ')
    if not given.isdecimal() or len(given) > 9:
        raise Refused.because(_("Send If-Match with the ETag that you read."), "If-Match")
    return int(given)


def _stepped(
    request: HttpRequest, model: type[Record], number: str, step: str, body: Any
) -> Record:
    try:
        model.WORKFLOW.transition(step)
    except KeyError as error:
        raise Refused.because(str(error.args[0]), "step") from error
    return services.advance(
        record_of(model, number), step, actor=account_of(request), reason=body.reason,
        values=_values(model, body.values) if body.values else {},
        signing=_signing(request, body.signing),
        version=_matched(request) if "If-Match" in request.headers else None,
    )  # fmt: skip


def _signing(request: HttpRequest, given: SigningIn | None) -> services.Signing | None:
    """Return what the signer gave; a token stands for the user name, a page's session does not."""
    if given is None:
        return None
    is_page = not request.headers.get("Authorization")
    return services.Signing(
        given.password, given.meaning, given.username,
        needs_name=is_page and signing.needs_name(request.session),
    )  # fmt: skip


def _step_line(step: Any, refusals: Any) -> dict[str, Any]:
    return {
        "name": step.name, "label": str(step.label), "target": step.target,
        "asks": list(step.asks), "meaning": str(step.meaning),
        "stands_against": [str(refusal.message) for refusal in refusals],
    }  # fmt: skip


def told_json(record: Record) -> dict[str, Any]:
    """Return a record as plain JSON values."""
    plain: dict[str, Any] = json.loads(json.dumps(told(record), cls=DjangoJSONEncoder))
    return plain


def _with_etag(record: Record) -> HttpResponse:
    response = JsonResponse(told_json(record))
    response["ETag"] = etag(record)
    return response

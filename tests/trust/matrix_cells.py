"""The addresses of the product as rows of the permission matrix, and what an answer means."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

from andon.records.registry import record_types
from andon.records.rest.api import api

TABLE = Path(__file__).with_name("permission_matrix.csv")
PEOPLE = (
    "anonymous", "deactivated", "OP", "INS", "QE", "QM", "PE", "LEAD", "MET", "AUD", "TM", "ADM",
    "other_site", "author",
)  # fmt: skip
Row = tuple[str, str]


def stated() -> dict[Row, dict[str, str]]:
    """Return the table kept by hand: what becomes of each request of each kind of person."""
    with TABLE.open(newline="") as file:
        rows = csv.DictReader(file)
        return {(row["method"], row["address"]): row for row in rows}


def served() -> list[Row]:
    """Return every method and address that the product answers: pages and interface."""
    return sorted({*_pages(), *_operations()})


def _pages() -> Iterator[Row]:
    prefixes = [model.WORKFLOW.prefix.lower() for model in record_types().values()]
    for address in _routes(get_resolver(), "/"):
        for prefix in prefixes if "<prefix:prefix>" in address else [""]:
            yield "PAGE", address.replace("<prefix:prefix>", prefix)


def _routes(resolver: Any, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        place = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield place
        elif isinstance(entry, URLResolver) and not place.startswith("/api/"):
            yield from _routes(entry, place)


def _operations() -> Iterator[Row]:
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for method in (method for one in view.operations for method in one.methods):
                yield method, re.sub("/+", "/", f"/api/v1/{bound.prefix}/{path}")


def filled(address: str, objects: Mapping[str, Any]) -> str:
    """Return an address with the objects in the places of its placeholders."""
    path = address.removeprefix("/api/v1")
    found = next(given for start, given in _FILLING if path.startswith(start))
    if "/filters/" in path:
        found = {"key": "filter"}

    def value(placeholder: re.Match[str]) -> str:
        given = found[placeholder["name"]]
        return str(objects.get(given, given))

    return re.sub(r"[<{](\w+:)?(?P<name>\w+)[>}]", value, address)


_FILLING: tuple[tuple[str, dict[str, str]], ...] = (
    ("/nc/<str:number>/lines/<str:name>/", {"number": "nc", "name": "lot"}),
    ("/ca/<str:number>/items/", {"number": "ca", "key": "item", "name": "done"}),
    (
        "/nc/",
        {
            "number": "nc",
            "step": "report",
            "name": "take-back",
            "key": "line",
            "line": "line",
            "file": "file",
        },
    ),
    ("/ca/", {"number": "ca", "step": "cancel", "name": "member", "key": "item", "file": "file"}),
    ("/st/", {"number": "st", "step": "start", "name": "plan", "file": "file"}),
    ("/pr/", {"number": "pr", "step": "watch", "file": "file"}),
    ("/records/{number}/is-is-not", {"number": "nc"}),
    ("/records/", {"number": "ca"}),
    ("/causes/of/", {"number": "ca"}),
    ("/causes/steps/", {"key": "why_step"}),
    ("/causes/", {"key": "cause", "name": "why"}),
    ("/evidence/on/", {"number": "st"}),
    ("/evidence/", {"key": "evidence"}),
    ("/files/", {"key": "file"}),
    ("/profile/tokens/", {"key": "token"}),
    ("/import/", {"key": "upload"}),
    ("/signals/", {"key": "signal"}),
    ("/charts/", {"code": "PD/L3"}),
    ("/streams/", {"code": "PD/L3"}),
    ("/record/", {"characteristic": "PD", "machine": "L3"}),
    ("/characteristics/", {"code": "PD"}),
    ("/control-plans/", {"code": "CP-1"}),
    ("/instruments/", {"code": "MIC-01"}),
    ("/products/", {"code": "P-1"}),
    ("/lots/", {"code": "LOT-1"}),
    ("/processes/", {"code": "TURN"}),
    ("/machines/", {"code": "L3"}),
    ("/partners/", {"code": "S-1"}),
    ("/statistics/", {"method": "individuals_chart"}),
    ("/master-data/", {"suffix": "toml"}),
    ("/accounts/", {"key": "account", "suffix": "csv"}),
    ("/profile/passkeys/", {"pk": "1"}),
    ("/profile/sessions/", {"key": "1"}),
    ("/invitation/", {"key": "MQ", "token": "made-up"}),
    ("/login/", {"provider_id": "sso"}),
    ("/", {}),
)


@cache
def bodies() -> dict[Row, str]:
    """Return a body of the right form for each operation, made from the interface's document."""
    document = api.get_openapi_schema()
    return {
        (method.upper(), address): json.dumps(_sample(_body_of(told), document))
        for address, methods in document["paths"].items()
        for method, told in methods.items()
    }


def _body_of(told: Mapping[str, Any]) -> Mapping[str, Any]:
    content = told.get("requestBody", {}).get("content", {})
    schema: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema


def _sample(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return a value of a schema: only what must be given."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _sample(document["components"]["schemas"][name], document)
    if "enum" in schema or "anyOf" in schema:
        return schema["enum"][0] if "enum" in schema else _sample(schema["anyOf"][0], document)
    if schema.get("type") == "object" or "properties" in schema:
        wanted = schema.get("required", ())
        return {name: _sample(schema["properties"][name], document) for name in wanted}
    given = _SAMPLES_BY_FORMAT.get(schema.get("format", ""))
    return given or _SAMPLES.get(schema.get("type", "object"), {})


_SAMPLES: dict[str, Any] = {
    "string": "x", "integer": 1, "number": 1, "boolean": False, "array": [], "object": {},
}  # fmt: skip
_SAMPLES_BY_FORMAT = {"date": "2025-03-13", "date-time": "2025-03-13T12:00:00Z"}


def outcome(answer: HttpResponseBase) -> str:
    """Return what an answer means: permitted, forbidden, not found, or "who are you?"."""
    if answer.status_code == 302 and answer.headers["Location"].startswith("/login/"):
        return "login"
    if answer.status_code in (401, 403, 404):
        return {401: "401", 403: "no", 404: "404"}[answer.status_code]
    return f"error {answer.status_code}" if answer.status_code >= 500 else "yes"

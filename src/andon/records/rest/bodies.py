"""Reading a request's body: strict JSON whose every text both databases can store."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser


class StrictParser(Parser):
    """Refuses what JSON does not know and what no database stores, and says what it was."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's values; the caller turns an error into a problem document."""
        body = json.loads(request.body, parse_constant=_refuse_constant, object_pairs_hook=_object)
        # Only an escape can hide such a character: written out, it is not JSON or not UTF-8.
        if b"\\u" in request.body:
            json.dumps(body, ensure_ascii=False).encode()  # a lone half of a pair fails here
            if "\\u0000" in json.dumps(body):
                raise ValueError(body)
        return body


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of two values under one name, none can be told to be the right one."""
    told = dict(pairs)
    if len(told) != len(pairs):
        message = "A name occurs twice in one object."
        raise ValueError(message)
    return told


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not a number of JSON."
    raise ValueError(message)

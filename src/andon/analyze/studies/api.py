"""Every statistic over REST: `POST /api/v1/statistics/{method}`, JSON in, JSON out."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router
from ninja.errors import HttpError

from andon.analyze.studies.bench_api import router as bench
from andon.pictures.picture import Picture
from andon.pictures.registry import picture_of
from andon.pictures.rendering import svg_of
from andon.records.errors import Refused
from andon.records.rest import Problem, needs
from andon.records.rest.problems import REFUSALS
from andon.records.rest.schemas import Strict
from andon.stats import catalogue
from andon.stats.errors import InvalidOption, StatisticsError
from andon.stats.results import to_plain

router = Router(tags=["statistics"])
router.add_router("", bench)
MOST = 1_000_000
"""Values in one request; longer rows are for the command line."""
_MOST_OPTION = 1e9
_MOST_POINTS = 100_000


class Study(Strict):
    """What to compute from: columns by the name of the input, options by theirs."""

    columns: Annotated[dict[str, list[Any] | dict[str, list[Any]]], Field(max_length=100)] = {}
    options: Annotated[dict[str, Any], Field(max_length=100)] = {}


@router.get("/statistics", response={200: list[dict[str, Any]], **REFUSALS})
@needs("studies.run")
def list_statistics(request: HttpRequest) -> Any:
    """List every method: name, what it returns, and where it is from."""
    names = ("name", "summary", "source")
    return [{name: getattr(each, name) for name in names} for each in catalogue.methods()]


@router.get("/statistics/{method}", response={200: dict[str, Any], **REFUSALS})
@needs("studies.run")
def describe_statistic(request: HttpRequest, method: str) -> Any:
    """Describe a method: its inputs, and its options with types, defaults and choices."""
    return _method(method).to_dict()


@router.post("/statistics/{method}", response={200: dict[str, Any], 413: Problem, **REFUSALS})
@needs("studies.run")
def run_statistic(
    request: HttpRequest, method: str, body: Study, picture: Literal["", "spec", "svg"] = ""
) -> Any:
    """Compute a statistic; nothing is stored.

    `?picture=spec` or `?picture=svg` puts the figures under `result` and beside them `picture`:
    title, verdict and caption in words, the tables behind it, and the Vega-Lite specification or
    the drawn SVG; null where the statistic has no picture.
    """
    found = _method(method)
    if sum(map(_size, body.columns.values())) + _size(body.options) > MOST:
        raise HttpError(413, _("At most %(most)s values: use `andon analyze`.") % {"most": MOST})
    _refuse_endless(body.options)
    try:
        result = catalogue.run(found.name, body.columns, body.options)
    except InvalidOption as error:
        raise Refused.because(str(error), error.option) from error
    except StatisticsError as error:
        raise Refused.because(str(error), "columns") from error
    if not picture:
        return result.to_dict()
    shown = picture_of(result, catalogue.arguments_of(found.name, body.columns, body.options))
    return {"result": result.to_dict(), "picture": _as_data(shown, picture) if shown else None}


def _as_data(shown: Picture, form: str) -> dict[str, Any]:
    """Return a picture as plain data: words, tables, and its specification or its SVG."""
    tables = [{"title": panel.title, "headers": panel.headers, "rows": to_plain(list(panel.rows))}
              for panel in shown.panels]  # fmt: skip
    words = {"title": shown.title, "verdict": shown.verdict, "caption": shown.caption}
    drawn = {"svg": svg_of(shown)} if form == "svg" else {"spec": shown.spec}
    return {**words, "tables": tables, **drawn}


def _method(name: str) -> catalogue.Method:
    try:
        return catalogue.describe(name)
    except InvalidOption as error:
        raise HttpError(404, str(error)) from error


def _size(value: Any) -> int:
    """Return how many values there are, however they are nested."""
    count, left = 0, [value]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)
        else:
            count += 1
    return count


def _refuse_endless(options: dict[str, Any]) -> None:
    """Refuse counts that would only keep the server busy or fill its memory."""
    for name, value in options.items():
        most = _MOST_POINTS if name in ("points", "lags", "most", "most_accepted") else _MOST_OPTION
        if _magnitude(value) > most:
            message = _("%(name)s may be at most %(most)g here.") % {"name": name, "most": most}
            raise Refused.because(message, name)


def _magnitude(value: Any) -> float:
    """Return how large a number is, also one written as text, as it will be read."""
    try:
        return abs(float(value))
    except (TypeError, ValueError, OverflowError):
        return 0.0

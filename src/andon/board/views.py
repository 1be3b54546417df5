"""The start page, and whether the server lives."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.formats import date_format

from andon.analyze.monitoring.models import Stream
from andon.board.now import first_step, headline, listed_problems, now_strip, problem_rows
from andon.organization.processes.queries import Calendar
from andon.records import clock
from andon.records.access import public, signed_in
from andon.records.inbox import inbox
from andon.records.models import Account
from andon.records.views.across import todos

_FEW = 6


@signed_in
def now(request: HttpRequest) -> HttpResponse:
    """Show what needs me now."""
    user = request.user
    assert isinstance(user, Account)
    found, problems = inbox(user), listed_problems()
    context = {
        "date": _today(),
        "headline": headline(problems, found),
        "strip": now_strip(problems),
        "is_watched": Stream.objects.exists(),
        "begin": first_step(user),
        "problems": problem_rows(problems),
        "count": len(problems),
        "mine": todos(found.mine[:_FEW]),
        "waiting": todos(found.waiting[:_FEW]),
    }
    return render(request, "board/now.html", context)


@public
def live(request: HttpRequest) -> HttpResponse:
    """Tell that the process answers."""
    return JsonResponse({"status": "live"})


@public
def ready(request: HttpRequest) -> HttpResponse:
    """Tell that the database answers too; without it the gate gives 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ready"})


def _today() -> str:
    """Return the day and shift of now, such as Thursday 13 March 2025 · early shift."""
    calendar = Calendar.load()
    on, code = calendar.production_day(clock.now())
    name = next((shift.name for shift in calendar.shifts if shift.code == code), "")
    return " · ".join(filter(None, [date_format(on, "l j F Y"), name]))

"""What is done from the story of a problem."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from andon.analyze.problems.models import Problem
from andon.analyze.problems.services import contain
from andon.records.access import needs
from andon.records.views.common import actor_of


@require_POST
@needs("nonconformity.create")
def contain_problem(request: HttpRequest, number: str) -> HttpResponse:
    """Raise the nonconformity that holds the affected lots, and go there."""
    problem = get_object_or_404(Problem, number=number.upper())
    record = contain(problem, actor=actor_of(request))
    messages.success(request, _("%(number)s holds the lots.") % {"number": record.number})
    return redirect(record)

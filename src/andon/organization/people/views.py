"""Page: the people of the organization."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from andon.organization.people.models import Person
from andon.records.access import needs


@needs("people.view")
def person_list(request: HttpRequest) -> HttpResponse:
    """List people by department, with the roles of their account."""
    people = Person.objects.select_related("account").prefetch_related("account__assignments")
    context = {"people": people.order_by("department", "code")}
    return render(request, "people/person_list.html", context)

"""The living page of the design system, and the choice of language."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views import i18n

from andon.web.living import living_context


def living(request: HttpRequest) -> HttpResponse:
    """Show every component with sample content."""
    return render(request, "web/living.html", living_context())


def set_language(request: HttpRequest) -> HttpResponseBase:
    """Remember the reader's language."""
    return i18n.set_language(request)


# The gate of `records` stands above this layer; it reads these two marks.
living.permission = ""  # type: ignore[attr-defined]
set_language.is_public = True  # type: ignore[attr-defined]

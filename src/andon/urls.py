"""The addresses of the product: each slice's own `urls`, and its `api` below /api/v1/."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from andon.records.rest.access import ask_before_reading
from andon.records.rest.api import api
from andon.records.rest.record_types import install as install_record_types


def _slices_with(module: str) -> list[str]:
    """Return the installed slices that have such a module, highest layer first."""
    names = [f"{app}.{module}" for app in settings.ANDON_APPS]
    return [name for name in names if find_spec(name) is not None]


install_record_types(api)
for name in _slices_with("api"):
    api.add_router("", import_module(name).router)

_interface = api.urls
# Django tries one address after the other: what every measuring device calls is tried first.
_interface[0].sort(key=lambda address: str(address.pattern) != "measurements")
ask_before_reading(api)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", _interface),
    *(path("", include(name)) for name in _slices_with("urls")),
]

handler500 = "andon.records.middleware.failed"

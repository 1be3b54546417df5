"""Security headers on every response: the strict content policy, and what goes with it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Middleware: sets the headers; what is not a static file is never stored by a cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request and put the headers on the answer."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if settings.HAS_TLS:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        # Static files bring their own Cache-Control; records must not lie about in caches.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

"""How fast a caller may call: so many requests in each minute, then 429 until the next.

Minutes are counted by what only goes forward: a clock set back or on gives nobody more or less.
"""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from andon.records.rest.access import account_of

_MINUTE = 60


class EachCaller(BaseThrottle):
    """Counts the requests of each account within the present minute, in each process."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count a request; tell whether it is within the limit."""
        most = settings.API_REQUESTS_PER_MINUTE
        if not most:
            return True
        key = f"pace-{account_of(request).pk}-{int(time.monotonic() // _MINUTE)}"
        if cache.add(key, 1, 2 * _MINUTE):
            return True
        try:
            return int(cache.incr(key)) <= most
        except ValueError:  # the cache was full and has forgotten the count
            return True

    def wait(self) -> float:
        """Return after how many seconds the next minute begins."""
        return float(_MINUTE - int(time.monotonic()) % _MINUTE)

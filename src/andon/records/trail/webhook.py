"""Sending to an address that somebody typed into a setting, without being led astray.

The host is looked up once; every address it has must be public; the connection goes to the address
that was checked, not to the name; and no answer leads anywhere else (server-side request forgery).
"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Collection, Sequence
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 10.0
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
Lookup = Callable[[str, int], Sequence[str]]


class NotSent(Exception):
    """The message did not reach the other side; the text says why."""


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotSent(f"{host} has no address: {error}") from error
    return list(dict.fromkeys(str(place[4][0]) for place in found))


def post(url: str, content: Any, *, trusted: Collection[str] = (), lookup: Lookup = look_up) -> int:
    """Send JSON to an address and return the status; anything but 2xx is `NotSent`.

    `trusted` names hosts, as written in the address, that may be loopback or private.
    """
    scheme, host, port, path = _parts(url)
    address = _checked(host, lookup(host, port), is_trusted=host in trusted)
    connection = _Connection(scheme, host, port, address)
    try:
        connection.request(
            "POST", path, json.dumps(content).encode(),
            {"Content-Type": "application/json", "User-Agent": "Andon"},
        )  # fmt: skip
        answer = connection.getresponse()
        answer.read(65_536)
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(f"{host}: {error or type(error).__name__}") from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise NotSent(f"{host} answered {answer.status}; redirects are not followed")
    return answer.status


class _Connection(http.client.HTTPConnection):
    """Speaks to one checked address under the name of the host."""

    def __init__(self, scheme: str, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=_SECONDS)
        self._scheme, self._address = scheme, address

    def connect(self) -> None:
        """Connect to the address, not to the name: a second lookup might answer otherwise."""
        # nosemgrep: call-out-of-the-house - this is that webhook
        self.sock = socket.create_connection((self._address, self.port), timeout=_SECONDS)
        if self._scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotSent(f"the address cannot be read: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise NotSent("the address must begin with http:// or https:// and name a host only")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), path


def _checked(host: str, addresses: Sequence[str], *, is_trusted: bool) -> str:
    """Return the first address; one that is not public refuses them all."""
    if not addresses:
        raise NotSent(f"{host} has no address")
    if not is_trusted and not all(_is_public(address) for address in addresses):
        raise NotSent(f"{host} is not a public address; name it in ANDON_WEBHOOK_HOSTS to allow it")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = _inner(address) if isinstance(address, ipaddress.IPv6Address) else None
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the older address that a newer one leads to (RFC 4291, 3056, 6052)."""
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour

"""The clearnet address, if the line has one: is it served over TLS, and for how long yet.

``check`` looks at the address alone; ``check_connecting`` asks the server there, over the network,
and is run only where the operator asked for it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from urllib.parse import urlsplit

from app.server.operations.doctor.findings import Finding, Notes

_DAY = 86_400
_RENEW_DAYS = 14
_PATIENCE_SECONDS = 10


def check(address: str) -> Notes:
    """Look at an address as reporters are told it."""
    where = urlsplit(address)
    if where.scheme != "https" and not (where.hostname or "").endswith(".onion"):
        yield Finding(
            "tls", f"{address} is not https: what is sent can be read on the way. Use TLS."
        )


def check_connecting(
    address: str, now: float, context: ssl.SSLContext | None = None, port_80: int = 80
) -> Notes:
    """Ask the server at an https address: its certificate, and what it does without TLS."""
    where = urlsplit(address)
    host = where.hostname or ""
    if where.scheme != "https":
        return
    try:
        with (
            socket.create_connection((host, where.port or 443), _PATIENCE_SECONDS) as plain,
            (context or ssl.create_default_context()).wrap_socket(
                plain, server_hostname=host
            ) as secure,
        ):
            ends = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        yield Finding("tls", f"The certificate of {host} is refused ({error.verify_message}).")
        return
    except (OSError, KeyError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        yield Finding("tls", f"{address} does not answer by TLS ({reason}): start the proxy.")
        return
    if ends < now + _RENEW_DAYS * _DAY:
        days = max(0, int((ends - now) // _DAY))
        yield Finding("tls", f"The certificate of {host} ends in {days} days: renew it.")
    yield from _without_tls(host, port_80)


def _without_tls(host: str, port: int) -> Notes:
    plain = http.client.HTTPConnection(host, port, timeout=_PATIENCE_SECONDS)
    try:
        plain.request("GET", "/")
        answer = plain.getresponse()
        moved = answer.status in (301, 308) and str(answer.getheader("location")).startswith(
            "https://"
        )
    except (OSError, http.client.HTTPException):
        return  # nothing answers there, which is well
    finally:
        plain.close()
    if not moved:
        yield Finding(
            "tls", f"http://{host} serves pages without TLS: let it redirect to https and no more."
        )

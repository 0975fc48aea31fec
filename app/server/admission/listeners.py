"""What is answered at which socket, where investigators have one of their own (``--desk-uds``).

Consoles give their keys at it, and there is nothing else at it; everywhere else no keys are taken.
So what an upload costs the server, a check of each signature without any work asked for, can be
had only by who has the key of the investigators' onion; and when Tor lets all callers in there, by
a mistake with its folder of keys, they find nothing that they could not have had before.
"""

from __future__ import annotations

from starlette.types import Scope

AT_DESK = "quietline.at-desk"
"""Where a scope says that the connection came by the investigators' socket."""

_KEYS = ("POST", "/api/v1/bundles")
_PROBE = "/healthz"


class ListenerRules:
    """``apart``: investigators have a socket of their own."""

    def __init__(self, *, apart: bool) -> None:
        self._apart = apart

    def closed(self, scope: Scope) -> bool:
        """Say whether there is nothing at an HTTP scope's address, by the way it came."""
        if not self._apart or scope["path"] == _PROBE:
            return False
        giving_keys = (scope["method"], scope["path"]) == _KEYS
        return giving_keys != bool(scope.get(AT_DESK))

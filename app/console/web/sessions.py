"""Who may use the running console: a one-time link, then a session that only this browser knows.

Tokens are random, live in memory alone and are looked up by hash; locking the vault ends all of
them. A browser gives cookies to every port of a host, other users' web servers among them: so all
addresses of a console begin with a path that only its user knows, and so do its cookies.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from app.protocol.encoding import b64u

TOKEN_BYTES = 32
ROOT_BYTES = 16
SESSIONS_MAX = 8


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser; ``csrf`` must come back with every change it asks for."""

    csrf: str


class Access:
    """Links and sessions of one running console.

    ``root`` is the path before all its addresses, as "/" and 32 characters; a console that goes on
    at an address of before is given that one's.
    """

    def __init__(self, rng: Callable[[int], bytes], root: str | None = None) -> None:
        self._rng = rng
        self.root = root or f"/{rng(ROOT_BYTES).hex()}"
        self._links: set[bytes] = set()
        self._sessions: dict[bytes, Session] = {}

    @property
    def cookie(self) -> str:
        """The session cookie's name: no other server of this host can set one in its place."""
        return f"quietline-{self.root[1:9]}"

    def new_link_token(self) -> str:
        """Return a token that opens one session, once; earlier unused ones end."""
        token = self._token()
        self._links = {_hash(token)}
        return token

    def redeem(self, token: str) -> str | None:
        """Return a session's cookie value for a link's token, or None for a used or wrong one."""
        hashed = _hash(token)
        if hashed not in self._links:
            return None
        self._links.discard(hashed)
        return self.begin()

    def begin(self) -> str:
        """Return a new session's cookie value; the oldest of too many ends."""
        token = self._token()
        self._sessions[_hash(token)] = Session(csrf=self._token())
        while len(self._sessions) > SESSIONS_MAX:
            del self._sessions[next(iter(self._sessions))]
        return token

    def session(self, token: str | None) -> Session | None:
        """Return the session of a cookie's value, None for no or a wrong one."""
        return self._sessions.get(_hash(token)) if token else None

    def end_all(self) -> None:
        """End every session, and every link that was not used."""
        self._links.clear()
        self._sessions.clear()

    def _token(self) -> str:
        return b64u(self._rng(TOKEN_BYTES))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()

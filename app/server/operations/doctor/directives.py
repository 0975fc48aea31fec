"""Configuration in directives and braces, as Caddy and nginx have it.

What is not understood is passed over: a finding needs a directive that was read.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TELLING = ("x-forwarded-for", "x-real-ip", "forwarded", "x-client-ip", "true-client-ip")
"""Headers with which a proxy tells a caller's address."""


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive: its name, the words after it, and those in its braces."""

    name: str
    words: tuple[str, ...] = ()
    inside: tuple[Directive, ...] = ()

    def has(self, name: str, *words: str) -> bool:
        """Say whether a directive of this name that begins with these words is in its braces."""
        found = (one for one in self.inside if one.name == name)
        return any(one.words[: len(words)] == words for one in found)


def within(directives: Iterable[Directive], name: str) -> Iterator[Directive]:
    """Yield all directives of a name, however deep."""
    for one in directives:
        if one.name == name:
            yield one
        yield from within(one.inside, name)


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, by number."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

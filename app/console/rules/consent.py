"""Which desks a reporter allows to know of a case, after what they said. Pure (spec: bodies)."""

from collections.abc import Iterable, Sequence

from app.console.rules.body import Body
from app.protocol.bodies import WITHDRAWAL

WITHDRAWN_MAX = 64
"""A directory has fewer desks; so many may stand in one body."""


def after(before: Sequence[str], body: Body, taken_back: Iterable[str]) -> list[str]:
    """Return the desks that are allowed once ``body`` has come too, where ``before`` were.

    Whoever is named last is allowed; a withdrawal takes its desks away. ``taken_back`` are desks
    that withdrawals name which this body may have been written before: the server hides the order
    of what comes in one sync, and a colleague passes on old words, so there the withdrawal wins.
    """
    if body.kind == WITHDRAWAL:
        return [desk for desk in before if desk not in body.desks]
    if not body.desks:
        return list(before)
    gone = set(taken_back)
    return [desk for desk in body.desks if desk not in gone]


def withdrawn(before: Sequence[str], body: Body, allowed: Iterable[str]) -> list[str]:
    """Return the desks whose permission is withdrawn once ``body`` has come, sorted.

    ``before`` are those of until then, ``allowed`` what ``after`` returns of the same body. However
    much a reporter sends, at most ``WITHDRAWN_MAX`` are kept.
    """
    named = body.desks if body.kind == WITHDRAWAL else ()
    return sorted({*before, *named} - {*allowed})[:WITHDRAWN_MAX]

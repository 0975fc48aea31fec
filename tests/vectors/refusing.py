"""What must be refused, in files of vectors: lists of ``[why, input]``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from app.protocol.errors import ProtocolError
from tests.vectors.checks import Check


def error_of(read: Callable[[], object]) -> type[Exception] | None:
    """Return the kind of error by which a reader refuses, None if it does not."""
    try:
        read()
    except Exception as error:  # what is not refused in a reader's own words is a failure
        return type(error)
    return None


def refused(
    pairs: Iterable[tuple[str, Any]],
    read: Callable[[Any], object],
    expected: type[Exception] = ProtocolError,
) -> Iterator[Check]:
    """Check that each input is refused, by the expected kind; a list without any has failed."""
    checks = [(why, error_of(partial(read, given))) for why, given in pairs]
    yield "there is something to refuse", bool(checks)
    for why, error in checks:
        yield f"refused: {why}", error is not None and issubclass(error, expected)

"""What the server writes down: JSON lines on stderr about the service, never about a person.

No line has a time (the journal's own is the operator's choice), a path, an id or anything of a
request. Of other libraries' records only the place is kept: their texts may hold an address.
Exceptions appear by class and place; their messages may hold data.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

NAME = "quietline.server"
_FACTS = "quietline_facts"


def say(level: int, event: str, *, error: BaseException | None = None, **facts: str | int) -> None:
    """Write one line: an event's name and facts about the service; ``error`` by class and place.

    Callers pass nothing that came with a request.
    """
    extra = {_FACTS: facts | ({} if error is None else described(error))}
    logging.getLogger(NAME).log(level, event, extra=extra)


def described(error: BaseException) -> dict[str, str | int]:
    """Return an exception's class and where it was raised, without its message."""
    return {"error": type(error).__qualname__, "place": _place(error.__traceback__)}


def _place(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in reversed(frames[-4:])
    )


class BlindFormatter(logging.Formatter):
    """Formats a record as one JSON line that can hold nothing of a request."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a foreign record is reduced to its logger and place."""
        line: dict[str, str | int] = {"level": record.levelname.lower()}
        if record.name == NAME:
            line["event"] = str(record.msg)
            line |= getattr(record, _FACTS, {})
        else:
            line |= {
                "event": "library",
                "logger": record.name,
                "place": f"{record.filename}:{record.lineno} {record.funcName}",
            }
        if record.exc_info and record.exc_info[1] is not None:
            line |= described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Send all logging of this process through the blind formatter to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(BlindFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(NAME).setLevel(logging.INFO)
    # A warning for each request that is not HTTP: whoever sends them would fill the disk.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    logging.captureWarnings(True)


class Alarm:
    """Says that something is wrong when it begins or changes, and when it is over; not between."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._ringing: dict[str, str | int] | None = None

    def ring(self, **facts: str | int) -> None:
        """Say that something is wrong; ``facts`` say what, without anything of a request."""
        if facts != self._ringing:
            self._ringing = facts
            say(logging.ERROR, self._event, error=None, **facts)

    def clear(self) -> None:
        """Say that it is well (again)."""
        if self._ringing is not None:
            self._ringing = None
            say(logging.INFO, f"{self._event}-over")

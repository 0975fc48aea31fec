"""A case's document as JSON, as text, as a page to read, and the certificate. Text is only text."""

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.console.evidence.case_document import Document
from app.console.rules import wording

# Letters that steer whatever shows them: controls, and those that turn the order of others around.
_STEERING = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_MARGIN = "   | "

_TEMPLATES = Path(__file__).parent.parent / "templates" / "evidence"


def as_json(document: Document) -> bytes:
    """Return the document for programs."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def as_text(document: Document) -> bytes:
    """Return the document for reading anywhere."""
    return _render("messages.txt", document)


def as_page(document: Document) -> bytes:
    """Return a page for any browser: one file, no script, no address, nothing fetched."""
    return _render("reader.html", document)


def certificate(document: Document, count: int, total: int) -> bytes:
    """Return a form to fill in and sign; the manifest has ``count`` files, ``total`` bytes."""
    return _render("certificate.html", document, count=count, total=total)


def for_interpreter(texts: list[tuple[str, str]]) -> bytes:
    """Return a page to be printed: each text with its language's tag, and room under it."""
    return _environment().get_template("interpreter.html").render(texts=texts).encode()


def readme(document: Document) -> bytes:
    """Return what an export's README says, as UTF-8."""
    return _render("README.txt", document)


def _render(name: str, document: Document, **more: Any) -> bytes:
    return _environment().get_template(name).render(doc=document, **more).encode()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["day"] = _utc
    made.filters["language"] = wording.language
    made.filters["size"] = wording.size
    made.filters["hidden"] = wording.metadata_choice
    made.filters["direction"] = wording.direction
    made.filters["quoted"] = _quoted
    made.filters["one_line"] = _one_line
    return made


def _quoted(text: str) -> str:
    """Return a stranger's words behind a margin.

    No line of them then passes for one of the export's own: a message could otherwise hold what
    looks like the next one, sent by an investigator.
    """
    return "\n".join(_MARGIN + _CONTROL.sub("\ufffd", line) for line in text.splitlines() or [""])


def _one_line(text: str) -> str:
    """Return a stranger's name, type or answer on its one line, and in its place there."""
    return _STEERING.sub("\ufffd", text)


def _utc(at: int) -> str:
    """Return coordinated time, so that an export reads the same wherever it was made."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

"""A case's document as JSON, as text, as a page to read, and the certificate. Text is only text.

What people read is in the language that was chosen, with the English beside it; what programs read
is the same in every language.
"""

import datetime as dt
import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
    select_autoescape,
)
from jinja2.runtime import Context

from app.console.evidence.case_document import Document
from app.console.rules import wording, writing_direction
from app.sentences import side_by_side
from app.sentences.language import END_ISOLATE, ISOLATE, Language, english
from app.sentences.side_by_side import SideBySide
from app.sentences.translatable import Translatable

# Letters that steer whatever shows them: controls, and those that turn the order of others around.
_STEERING = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_OWN_MARKS = dict.fromkeys(map(ord, (ISOLATE, END_ISOLATE)))
"""What a sentence in a language from the right sets around what is filled in."""
_MARGIN = "   | "
_WIDTH, _COLUMN = 100, " " * 21

_TEMPLATES = Path(__file__).parent.parent / "templates" / "evidence"


def as_json(document: Document) -> bytes:
    """Return the document for programs."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """An entry of the custody log as people read it: when (Unix seconds), who, what they did."""

    at: int
    who: str
    what: str


def as_text(document: Document, language: Language) -> bytes:
    """Return the document for reading anywhere."""
    return _render("messages.txt", document, language)


def as_page(document: Document, language: Language, custody: Sequence[CustodyLine] = ()) -> bytes:
    """Return a page for any browser: one file, no script, no address, nothing fetched."""
    return _render("reader.html", document, language, custody=custody)


def certificate(document: Document, count: int, total: int, language: Language) -> bytes:
    """Return a form to fill in and sign; the manifest has ``count`` files, ``total`` bytes."""
    return _render("certificate.html", document, language, count=count, total=total)


def for_interpreter(texts: list[tuple[str, str]], language: Language) -> bytes:
    """Return a page to be printed: each text with its language's tag, and room under it."""
    values = {"texts": texts, "both": SideBySide(language)}
    return _environment().get_template("interpreter.html").render(values).encode()


def readme(document: Document, language: Language) -> bytes:
    """Return what an export's README says, as UTF-8: in the language, then whole in English."""
    source = english()
    said = [language] if language.locale is None else [language, source]
    return f"\n{'-' * _WIDTH}\n\n".join(_readme(document, one) for one in said).encode()


def _readme(document: Document, language: Language) -> str:
    def say_alone(message: str, **values: str) -> str:
        return language.gettext(message).format(**values)

    template = _environment().get_template("README.txt")
    return template.render(doc=document, both=SideBySide(language), _=say_alone)


def _render(name: str, document: Document, language: Language, **more: Any) -> bytes:
    values = {"doc": document, "both": SideBySide(language)} | more
    return _environment().get_template(name).render(values).encode()


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
    side_by_side.install(made)
    made.filters["day"] = _utc
    made.filters["language"] = wording.language
    made.filters["size"] = wording.size
    made.filters["hidden"] = wording.metadata_choice
    made.filters["direction"] = writing_direction.direction
    made.filters["numbers_whole"] = writing_direction.numbers_whole
    made.filters["title"] = wording.message_title
    made.filters["hanging"] = _hanging
    made.filters["quoted"] = _quoted
    made.filters["one_line"] = _one_line
    return made


def _hanging(text: str) -> str:
    """Return what a file of an export is, beside its name."""
    lines = textwrap.wrap(text, _WIDTH - len(_COLUMN), break_long_words=False)
    return f"\n{_COLUMN}".join(lines)


def _quoted(text: str) -> str:
    """Return a stranger's words behind a margin.

    No line of them then passes for one of the export's own: a message could otherwise hold what
    looks like the next one, sent by an investigator.
    """
    return "\n".join(_MARGIN + _CONTROL.sub("\ufffd", line) for line in text.splitlines() or [""])


@pass_context
def _one_line(context: Context, text: str) -> str:
    """Return a stranger's name, type or answer on its one line, and in its place there.

    Words of the program's, such as a question, in both languages.
    """
    both: SideBySide = context["both"]
    own = isinstance(text, Translatable)
    said = [one.translate(_OWN_MARKS) if own else one for one in both.pair(text) if one]
    return side_by_side.STROKE.join(_STEERING.sub("\ufffd", one) for one in said)


def _utc(at: int) -> str:
    """Return coordinated time, so that an export reads the same wherever it was made."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

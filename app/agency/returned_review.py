"""The file that comes back from a reviewer: bounded and checked before anything of it is believed.

    {"v": 1, "kind": "quietline-review", "line": b64u 32, "language": "fr",
     "reviewer": {"name": "…", "capacity": "…", "public": true},
     "answers": {hash: {"say": "fine"}, hash: {"say": "change", "to": "…"},
                 hash: {"say": "wrong", "because": "…"}}}

Its kind is "quietline-console-review" where it is about what the console says; ``public`` stands
there alone, where the reviewer allows their name to be published. Anybody may have made it. So what
it says is shown before it is taken, and no character of it is one that a terminal obeys or nobody
sees.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.agency.errors import AgencyError, Suspicious
from app.agency.review_records import Reviewer
from app.protocol.encoding import read_json, unb64u
from app.protocol.errors import ProtocolError
from app.reporter.review_kit.console_reviews import unseen_in
from app.reporter.review_kit.kit_page import CONSOLE_KIND, PAGES

KINDS: Final = frozenset({PAGES, CONSOLE_KIND})
FILE_MAX: Final = 2 * 1024 * 1024
ANSWERS_MAX: Final = 5_000
TEXT_MAX: Final = 2_000
NAME_MAX: Final = 80
CAPACITY_MAX: Final = 120
_HASH_BYTES: Final = 32
_CODE: Final = re.compile(r"[A-Za-z]{2,8}(_[A-Za-z0-9]{2,8}){0,2}")
FINE, CHANGE, WRONG = "fine", "change", "wrong"
_WORDS: Final = {FINE: "", CHANGE: "to", WRONG: "because"}
_GROUPS: Final = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says of a sentence; ``words`` are the other text, or why it is wrong."""

    say: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReturnedReview:
    """A whole file: of which line and language, by whom, and the answers by hash of sentence.

    ``of_console`` says that it is about what the console says, not about the line's pages.
    """

    of_console: bool
    line_id: bytes
    language: str
    reviewer: Reviewer
    answers: Mapping[str, Answer]
    fingerprint: str
    """Five numbers that the reviewer's page shows for exactly this file."""


def read_returned(data: bytes) -> ReturnedReview:
    """Read a file that came back. Raises AgencyError; Suspicious where it hides something."""
    no_review = AgencyError(
        "This is not a file as the review page saves it. Ask for it again, unchanged."
    )
    if len(data) > FILE_MAX:
        raise no_review
    try:
        content = _table(read_json(data), {"v", "kind", "line", "language", "reviewer", "answers"})
        kind = content["kind"]
        if content["v"] is True or content["v"] != 1:
            raise ProtocolError("Another version.")
        if not isinstance(kind, str) or kind not in KINDS:
            raise ProtocolError("Another file.")
        reviewer, public = _reviewer(content["reviewer"], of_console=kind == CONSOLE_KIND)
        answers = content["answers"]
        if not isinstance(answers, dict) or len(answers) > ANSWERS_MAX:
            raise ProtocolError("Too many answers.")
        return ReturnedReview(
            of_console=kind == CONSOLE_KIND,
            line_id=unb64u(content["line"], 32),
            language=_language(content["language"]),
            reviewer=Reviewer(
                _text(reviewer["name"], NAME_MAX),
                _text(reviewer["capacity"], CAPACITY_MAX, may_be_empty=True),
                public,
            ),
            answers={_hash(one): _answer(said) for one, said in answers.items()},
            fingerprint=fingerprint(data),
        )
    except ProtocolError:
        raise no_review from None


def fingerprint(data: bytes) -> str:
    """Return five numbers for a file, to be compared on the phone: 80 bits of its SHA-256."""
    digest = hashlib.sha256(data).digest()
    return " ".join(
        f"{int.from_bytes(digest[at : at + 2], 'big'):05}" for at in range(0, 2 * _GROUPS, 2)
    )


def _reviewer(value: object, *, of_console: bool) -> tuple[dict[str, Any], bool]:
    """Return name and capacity, and whether the name may be published: only if it says so."""
    public = of_console and isinstance(value, dict) and value.get("public") is True
    named = {"name", "capacity", "public"} if public else {"name", "capacity"}
    return _table(value, named), public


def _answer(said: object) -> Answer:
    say = said.get("say") if isinstance(said, dict) else None
    if not isinstance(say, str) or say not in _WORDS:
        raise ProtocolError("No answer.")
    name = _WORDS[say]
    table = _table(said, {"say", name} if name else {"say"})
    return Answer(say, _text(table[name], TEXT_MAX) if name else "")


def _table(value: object, names: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != names:
        raise ProtocolError("Another table.")
    return value


def _language(value: object) -> str:
    """Return a language's code, which names a folder and a file, and none elsewhere."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ProtocolError("No language.")
    return value


def _hash(text: str) -> str:
    unb64u(text, _HASH_BYTES)
    return text


def _text(value: object, most: int, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or len(value) > most or value != value.strip():
        raise ProtocolError("No text.")
    if not value and not may_be_empty:
        raise ProtocolError("An empty text.")
    if one := unseen_in(value):
        raise Suspicious(
            f"A text of this file has a character that cannot be seen (U+{ord(one):04X}). "
            "Nothing was taken. Ask the reviewer how it came there."
        )
    return value
